using System.Collections.Concurrent;
using Shouldly;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.EventStore.Subscriptions;
using SSC.Purchasing.Kernel;
using Xunit;

namespace SSC.Purchasing.DatabaseTests.Runtime;

public sealed class OutboxTests(DatabaseServer server)
{
    private static readonly RetrySchedule Quick = new(3, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));

    [Fact]
    public async Task a_destination_that_hangs_delays_no_other()
    {
        var sender = new Sender(async (d, ct) =>
        {
            if (d.Message.Destination is "hangs") await Task.Delay(-1, ct);
            return new DeliveryResult.Delivered();
        });
        await using var node = new TestNode(await server.NewDatabase(), new() { Outbox = new([sender]) }).Started();
        for (var i = 0; i < 100; i++) await node.Post($"x-{i}", Message($"stuck-{i}", "hangs"));
        for (var i = 0; i < 20; i++) await node.Post($"y-{i}", Message($"ok-{i}", $"vendor-{i % 5}"));
        await Until.True(() => sender.Sent.Count(s => s.Message.Destination is not "hangs") == 20, "the others");
        sender.Sent.Count(s => s.Message.Destination is "hangs").ShouldBe(1);
    }

    [Fact]
    public async Task a_destinations_messages_arrive_in_order_even_when_one_has_to_be_tried_again()
    {
        var failures = 2;
        var sender = new Sender((d, _) => Task.FromResult<DeliveryResult>(
            d.Message.Id is "m-1" && Interlocked.Decrement(ref failures) >= 0 ? new DeliveryResult.Failed("not now")
                : new DeliveryResult.Delivered("ok")));
        await using var node = new TestNode(await server.NewDatabase(), new() { Outbox = new([sender]) });
        for (var i = 0; i < 5; i++) await node.Post("x", Message($"m-{i}", "vendor"));
        node.Started();
        await Until.True(async () => await node.Scalar<long>("select count(*) from coop.outbox where state = 'delivered'") == 5,
            "all delivered");
        sender.Sent.Select(s => $"{s.Message.Id}#{s.Attempt}").ShouldBe(["m-0#1", "m-1#1", "m-1#2", "m-1#3", "m-2#1", "m-3#1", "m-4#1"]);
    }

    [Fact]
    public async Task after_the_last_try_a_message_is_parked_with_an_alarm_lets_others_pass_and_can_be_sent_again()
    {
        var isDown = true;
        var told = new ConcurrentQueue<string>();
        var sender = new Sender((d, _) => d.Message.Id is "m-0" && isDown ? throw new HttpRequestException("502")
            : Task.FromResult<DeliveryResult>(new DeliveryResult.Delivered("ack")));
        var plan = new OutboxPlan([sender])
        {
            OnDelivered = (d, done, _) => Tell($"{d.Message.Id} {done.Receipt}"),
            OnParked = (d, why, _) => Tell($"{d.Message.Id} parked: {why}"),
        };
        await using var node = new TestNode(await server.NewDatabase(), new() { Outbox = plan }).Started();
        await node.Post("x", Message("m-0", "vendor"), Message("m-1", "vendor"));
        await Until.True(async () => await node.Scalar<long>("select count(*) from coop.outbox where state = 'delivered'") == 1,
            "the next one passes");

        told.ShouldBe(["m-0 parked: 502", "m-1 ack"]);
        sender.Sent.Count(s => s.Message.Id is "m-0").ShouldBe(3);
        var alarm = (await node.Runtime.Health()).Alarms.Single();
        alarm.Source.ShouldBe("outbox/mn/m-0");
        alarm.Message.ShouldContain("502");

        isDown = false;
        (await node.Runtime.Resend(TestNode.Tenant, "m-0")).ShouldBeTrue();
        await Until.True(async () => await node.Scalar<long>("select count(*) from coop.outbox where state = 'delivered'") == 2,
            "sent again");
        (await node.Runtime.Health()).Alarms.ShouldBeEmpty();
        (await node.Runtime.Resend(TestNode.Tenant, "m-0")).ShouldBeFalse();

        Task Tell(string what)
        {
            told.Enqueue(what);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task a_rejected_message_is_parked_at_once()
    {
        var sender = new Sender((_, _) => Task.FromResult<DeliveryResult>(new DeliveryResult.Rejected("no such buyer")));
        await using var node = new TestNode(await server.NewDatabase(), new() { Outbox = new([sender]) }).Started();
        await node.Post("x", Message("m-0", "vendor"));
        await Until.True(async () => (await node.Runtime.Health()).Alarms.Count == 1, "the alarm");
        sender.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task two_nodes_share_the_work_and_what_a_stopped_node_held_goes_on_at_once()
    {
        var database = await server.NewDatabase();
        var isHanging = true;
        var sender = new Sender(async (d, ct) =>
        {
            if (isHanging && d.Message.Destination is "v-0") await Task.Delay(-1, ct);
            return new DeliveryResult.Delivered();
        });
        await using var one = new TestNode(database, new() { Outbox = new([sender]) }).Started();
        for (var i = 0; i < 30; i++) await one.Post($"x-{i}", Message($"m-{i}", $"v-{i % 6}"));
        await Until.True(() => sender.Sent.Count == 26, "all but one destination");
        await Until.True(async () => await one.Scalar<long>("select count(*) from coop.outbox where state = 'delivered'") == 25,
            "their receipts; what is sent and not yet settled when a node stops is sent again");
        isHanging = false;
        await one.Runtime.Stop();

        await using var two = new TestNode(database, new() { Outbox = new([sender]) }).Started();
        await using var three = new TestNode(database, new() { Outbox = new([sender]) }).Started();
        await Until.True(async () => await two.Scalar<long>("select count(*) from coop.outbox where state = 'delivered'") == 30,
            "the rest");
        sender.Sent.Where(s => s.Message.Destination is not "v-0").Select(s => s.Message.Id).Distinct(StringComparer.Ordinal).Count()
            .ShouldBe(25);
        sender.Sent.Count.ShouldBe(31);
    }

    [Fact]
    public async Task what_a_killed_node_was_sending_is_sent_when_its_lease_has_run_out()
    {
        var sender = new Sender((_, _) => Task.FromResult<DeliveryResult>(new DeliveryResult.Delivered()));
        await using var node = new TestNode(await server.NewDatabase(), new() { Outbox = new([sender]) });
        await node.Post("x", Message("m-0", "vendor"));
        await node.Execute("update coop.outbox set lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '1 s'");
        var until = await node.Scalar<DateTime>("select leased_until from coop.outbox");
        node.Started();
        await Until.True(() => !sender.Sent.IsEmpty, "sent");
        TimeProvider.System.GetUtcNow().UtcDateTime.ShouldBeGreaterThanOrEqualTo(until);
    }

    private static OutboxMessage Message(string id, string destination) => new(id, "test", destination, "{\"n\":1}"u8.ToArray());

    private sealed class Sender(Func<OutboxDelivery, CancellationToken, Task<DeliveryResult>> send) : IOutboxSender
    {
        public ConcurrentQueue<OutboxDelivery> Sent { get; } = new();

        public string Channel => "test";

        public RetrySchedule? Retries => Quick;

        public Task<DeliveryResult> Send(OutboxDelivery delivery, CancellationToken ct)
        {
            Sent.Enqueue(delivery);
            return send(delivery, ct);
        }
    }
}
