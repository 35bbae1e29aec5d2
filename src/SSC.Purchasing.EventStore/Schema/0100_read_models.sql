-- Which table holds the live rows of each read model. A rebuild fills the next generation beside it and moves the pointer.
create schema if not exists coop;

create table coop.read_model (
    name            text primary key,
    generation      integer not null,           -- rows live in coop.rm_{name}_g{generation}
    version         integer not null,           -- the declared version that those rows were folded with
    index_columns   text[]  not null,
    next_generation integer not null
);

-- What a person has to look at: one row per source, gone when it works again.
create table coop.alarm (
    source    text primary key,                 -- e.g. read_model/open_orders, saga/joint_order, outbox/{tenant}/{id}
    position  bigint,                           -- the event it stopped at, when there is one
    message   text not null,
    raised_at timestamptz not null default clock_timestamp()
);
