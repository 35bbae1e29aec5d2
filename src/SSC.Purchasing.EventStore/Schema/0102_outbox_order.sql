-- A destination's deliveries go out in order: finding the earlier ones of the same destination must not depend on how many wait.
create index outbox_destination on coop.outbox (tenant_id, channel, destination, sequence) where state = 'waiting';
