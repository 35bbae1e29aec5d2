-- What is known of people, beside the log and never in it: events carry opaque ids, these documents can be erased.
create table coop.person (
    tenant_id  text        not null,
    person_id  text        not null,
    name       text        not null,
    email      text,
    phone      text,
    changed_at timestamptz not null default now(),
    primary key (tenant_id, person_id)
);
