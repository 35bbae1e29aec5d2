-- What the store knows besides the events themselves.

-- The end of the log: one row, locked by whoever appends. It gives positions without holes and orders every node's commits.
create table coop.head (
    only_one         boolean     primary key default true check (only_one),
    position         bigint      not null check (position >= 0),
    last_recorded_at timestamptz not null,
    seeding          boolean     not null default false
) with (fillfactor = 10);

insert into coop.head (position, last_recorded_at) values (0, '1970-01-01T00:00:00Z');

-- The first outcome under every idempotency key, for ever.
create table coop.idempotency (
    tenant_id    text        not null,
    key          text        not null,
    request_hash bytea       not null,
    stream_id    text        not null,
    version      bigint      not null,
    position     bigint      not null,
    recorded_at  timestamptz not null,
    constraint idempotency_pkey primary key (tenant_id, key)
);

-- Deliveries that were committed together with the events that caused them. json, not jsonb: the bytes go out as they came in.
create table coop.outbox (
    sequence       bigint      generated always as identity,
    tenant_id      text        not null,
    id             text        not null,
    channel        text        not null,
    destination    text        not null,
    body           json        not null,
    position       bigint      not null,
    recorded_at    timestamptz not null,
    state          text        not null default 'waiting' check (state in ('waiting', 'delivered', 'parked')),
    attempts       integer     not null default 0,
    due_at         timestamptz not null default now(),
    lease          uuid,
    leased_until   timestamptz,
    last_error     text,
    settled_at     timestamptz,
    constraint outbox_pkey primary key (tenant_id, id)
);

create index outbox_waiting on coop.outbox (due_at, sequence) where state = 'waiting';

-- The last position recorded at or before a time. Positions are dense and time never decreases with them, so halving finds it
-- on the primary key; the time column needs no index.
create function coop.position_as_of(at_time timestamptz) returns bigint language plpgsql stable as $$
declare
    low bigint := 0;
    high bigint;
    middle bigint;
    middle_time timestamptz;
begin
    select position into high from coop.head;
    while low < high loop
        middle := (low + high + 1) / 2;
        select timestamp into middle_time from public.mt_events where seq_id = middle;
        if middle_time <= at_time then
            low := middle;
        else
            high := middle - 1;
        end if;
    end loop;
    return low;
end
$$;
