-- Sagas. Every step of an instance takes the row lock on coop.saga first and raises its revision, so that the event runner,
-- timers and refusals on any node follow each other. Commands are claimed by lease and executed at least once under their id.
create table coop.saga (
    saga     text   not null,
    tenant   text   not null,
    id       text   not null,
    state    jsonb  not null,
    revision bigint not null,                   -- steps taken
    position bigint not null,                   -- last event heard
    primary key (saga, tenant, id)
);

create table coop.saga_timer (
    saga           text        not null,
    tenant         text        not null,
    id             text        not null,
    timer          text        not null,
    due            timestamptz not null,
    revision       bigint      not null,        -- the step that set it
    correlation_id text        not null,
    causation_id   text,
    attempts       integer     not null default 0,
    not_before     timestamptz not null,        -- due, or later after a failed attempt
    parked_reason  text,
    primary key (saga, tenant, id, timer)
);

create index saga_timer_due on coop.saga_timer (not_before) where parked_reason is null;

create table coop.saga_command (
    tenant         text        not null,
    command_id     text        not null collate "C",
    seq            bigint      generated always as identity,
    saga           text        not null,
    id             text        not null,
    alias          text        not null,
    body           json        not null,        -- json, not jsonb: its bytes are hashed
    correlation_id text        not null,
    causation_id   text,
    created_at     timestamptz not null,
    status         text        not null default 'pending' check (status in ('pending', 'done', 'refused', 'parked', 'discarded')),
    not_before     timestamptz not null,
    attempts       integer     not null default 0,
    lease          uuid,
    lease_until    timestamptz,
    outcome        text,                        -- stream@version, the refusal, or the last error
    primary key (tenant, command_id)
);

create index saga_command_pending on coop.saga_command (seq) where status = 'pending';
create index saga_command_open on coop.saga_command (saga, tenant, id, seq) where status in ('pending', 'parked');
