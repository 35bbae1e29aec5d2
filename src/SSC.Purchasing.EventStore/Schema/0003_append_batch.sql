-- Writes a batch that the appender has planned in memory, and verifies the plan while doing so: all of it, or an error and nothing.
-- CP001: an assumption of the plan does not hold (a stream has moved on, the clock has passed a bound); a unique violation says the
-- same. The appender then plans again on what is really there. CP002: scripted time while the store is not being seeded.
--
-- Sections without rows are passed as null. Every statement sees what committed before the head row was locked by the first one.
create function coop.append_batch(
    at_time           timestamptz,   -- recorded time that was judged already, under the lock; null: the clock's
    expected_base     bigint,        -- the last position the plan was made at, where it matters; else null
    before_time       timestamptz,   -- earliest bound of the batch; null: none
    size              integer,       -- number of events
    update_tenants    text[], update_streams text[], update_bases bigint[], update_versions bigint[],
    insert_tenants    text[], insert_streams text[], insert_versions bigint[],
    check_tenants     text[], check_streams text[], check_versions bigint[],
    key_tenants       text[], key_values text[], key_hashes bytea[], key_streams text[], key_versions bigint[], key_offsets integer[],
    key_times         timestamptz[],
    outbox_tenants    text[], outbox_ids text[], outbox_channels text[], outbox_destinations text[], outbox_bodies json[],
    outbox_offsets    integer[],
    event_ids         uuid[], event_tenants text[], event_streams text[], event_versions bigint[], event_types text[],
    event_data        jsonb[], event_correlations text[], event_causations text[], event_headers jsonb[],
    scripted_times    timestamptz[], -- one per event while seeding, else null
    out base          bigint,        -- last position before the batch
    out recorded_at   timestamptz)
language plpgsql volatile as $$
declare
    touched integer;
    is_seeding boolean;
begin
    update coop.head as h
       set position = h.position + size,
           last_recorded_at = case
               when size = 0 then h.last_recorded_at
               when scripted_times is not null then greatest(scripted_times[size], h.last_recorded_at)
               else greatest(coalesce(at_time, clock_timestamp()), h.last_recorded_at) end
    returning h.position - size, h.last_recorded_at, h.seeding into base, recorded_at, is_seeding;

    if size = 0 then
        recorded_at := greatest(coalesce(at_time, clock_timestamp()), recorded_at);
    end if;
    if scripted_times is not null and not is_seeding then
        raise exception 'scripted time while not seeding' using errcode = 'CP002';
    end if;
    if recorded_at >= before_time or base <> expected_base then
        raise exception 'plan does not hold' using errcode = 'CP001';
    end if;

    if update_streams is not null then
        update public.mt_streams as s
           set version = u.next, timestamp = recorded_at
          from unnest(update_tenants, update_streams, update_bases, update_versions) as u (tenant, stream, base, next)
         where s.tenant_id = u.tenant and s.id = u.stream and s.version = u.base;
        get diagnostics touched = row_count;
        if touched <> cardinality(update_streams) then
            raise exception 'plan does not hold' using errcode = 'CP001';
        end if;
    end if;

    if insert_streams is not null then
        insert into public.mt_streams (tenant_id, id, version, timestamp, created)
        select i.tenant, i.stream, i.version, recorded_at, recorded_at
          from unnest(insert_tenants, insert_streams, insert_versions) as i (tenant, stream, version);
    end if;

    if check_streams is not null then
        perform from unnest(check_tenants, check_streams, check_versions) as c (tenant, stream, version)
          left join public.mt_streams as s on s.tenant_id = c.tenant and s.id = c.stream
         where coalesce(s.version, 0) <> c.version
         limit 1;
        if found then
            raise exception 'plan does not hold' using errcode = 'CP001';
        end if;
    end if;

    if key_values is not null then
        insert into coop.idempotency (tenant_id, key, request_hash, stream_id, version, position, recorded_at)
        select k.tenant, k.key, k.hash, k.stream, k.version, base + k.off, coalesce(k.at_time, recorded_at)
          from unnest(key_tenants, key_values, key_hashes, key_streams, key_versions, key_offsets, key_times)
            as k (tenant, key, hash, stream, version, off, at_time);
    end if;

    -- A delivery's id is deterministic: one that is there already is this one.
    if outbox_ids is not null then
        insert into coop.outbox (tenant_id, id, channel, destination, body, position, recorded_at)
        select o.tenant, o.id, o.channel, o.destination, o.body, base + o.off, recorded_at
          from unnest(outbox_tenants, outbox_ids, outbox_channels, outbox_destinations, outbox_bodies, outbox_offsets)
            as o (tenant, id, channel, destination, body, off)
        on conflict do nothing;
    end if;

    if event_ids is not null then
        insert into public.mt_events (
            seq_id, id, tenant_id, stream_id, version, type, data, correlation_id, causation_id, headers, timestamp)
        select base + e.ordinal, e.id, e.tenant, e.stream, e.version, e.type, e.data, e.correlation, e.causation, e.headers,
               coalesce(scripted_times[e.ordinal], recorded_at)
          from unnest(event_ids, event_tenants, event_streams, event_versions, event_types, event_data,
                      event_correlations, event_causations, event_headers)
          with ordinality as e (id, tenant, stream, version, type, data, correlation, causation, headers, ordinal);
    end if;
end
$$;
