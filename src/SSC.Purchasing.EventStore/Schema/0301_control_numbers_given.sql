-- What each control number was given to: a subject keeps its number, whenever and wherever it is written again.
create table coop.control_number_given (
    tenant_id text        not null,
    vendor    text        not null,
    subject   text        not null,             -- order/{number}/{revision} or 997/{SHA-256 of what it answers}
    number    bigint      not null,
    given_at  timestamptz not null default now(),
    primary key (tenant_id, vendor, subject),
    unique (tenant_id, vendor, number)
);
