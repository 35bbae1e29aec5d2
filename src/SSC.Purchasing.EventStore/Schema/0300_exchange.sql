-- What deliveries to vendors and documents from them need beside the log.

-- Secrets that sign webhooks, sealed with the operator's key (AES-256-GCM); events know their ids only.
create table coop.channel_secret (
    tenant_id  text        not null,
    owner      text        not null,            -- vendor/{id} or webhook/{id}
    secret_id  text        not null,
    sealed     bytea       not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, owner, secret_id)
);

-- The last interchange control number given out for each vendor. A number is never given twice; gaps mean nothing.
create table coop.control_number (
    tenant_id text   not null,
    vendor    text   not null,
    last      bigint not null,
    primary key (tenant_id, vendor)
);

-- Documents as vendors sent them, byte for byte; what became of each is in the log.
create table coop.vendor_document (
    tenant_id       text        not null,
    vendor          text        not null,
    sha256          text        not null,       -- of content, lower-case hexadecimal
    media_type      text        not null,
    content         bytea       not null,
    acknowledgement bytea,                      -- what the sender expects back, e.g. an X12 997
    received_at     timestamptz not null default now(),
    primary key (tenant_id, vendor, sha256)
);

-- A destination's delivery log, newest last.
create index outbox_log on coop.outbox (tenant_id, channel, destination, sequence);
