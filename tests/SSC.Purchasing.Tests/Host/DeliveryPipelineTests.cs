using Shouldly;
using SSC.Purchasing.EventStore.Outbox;
using SSC.Purchasing.Host.Deliveries;
using Xunit;

namespace SSC.Purchasing.Tests.Host;

/// <summary>What one receiver does to us never reaches another: circuit breaker and bulkhead are each receiver's own.</summary>
public class DeliveryPipelineTests
{
    private static readonly DeliveryResult Done = new DeliveryResult.Delivered("HTTP 200");
    private readonly DeliveryPipelines pipelines = new(new());

    [Fact]
    public async Task a_receiver_that_failed_five_times_is_left_alone_and_no_other_is()
    {
        var limits = new DeliveryLimits();
        var asked = 0;
        for (var i = 0; i < limits.BreakAfter; i++) (await Send("V-1", Fail)).ShouldBe(new DeliveryResult.Failed("HTTP 500"));
        var left = (await Send("V-1", Fail)).ShouldBeOfType<DeliveryResult.Failed>();
        left.Reason.ShouldContain("left alone");
        left.RetryAfter.ShouldNotBeNull().ShouldBeInRange(TimeSpan.Zero, limits.Break);
        asked.ShouldBe(5, "it is not asked while its circuit is open");
        (await Send("V-2", _ => Task.FromResult(Done))).ShouldBe(Done);
        (await Send("V-1", _ => Task.FromResult(Done), "another-operator")).ShouldBe(Done);

        Task<DeliveryResult> Fail(CancellationToken ct)
        {
            asked++;
            return Task.FromResult<DeliveryResult>(new DeliveryResult.Failed("HTTP 500"));
        }
    }

    [Fact]
    public async Task a_no_is_an_answer_and_breaks_no_circuit()
    {
        var no = new DeliveryResult.Rejected("HTTP 404");
        for (var i = 0; i < 10; i++) (await Send("V-1", _ => Task.FromResult<DeliveryResult>(no))).ShouldBe(no);
    }

    [Fact]
    public async Task a_receiver_has_two_deliveries_in_hand_and_a_third_is_put_off_while_others_get_theirs()
    {
        var answer = new TaskCompletionSource<DeliveryResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var (first, second) = (Send("V-1", _ => answer.Task), Send("V-1", _ => answer.Task));
        (await Send("V-1", _ => Task.FromResult(Done))).ShouldBeOfType<DeliveryResult.Failed>().Reason.ShouldContain("in hand");
        (await Send("V-2", _ => Task.FromResult(Done))).ShouldBe(Done);
        answer.SetResult(Done);
        (await Task.WhenAll(first, second)).ShouldBe([Done, Done]);
        (await Send("V-1", _ => Task.FromResult(Done))).ShouldBe(Done, "its hands are free again");
    }

    private Task<DeliveryResult> Send(
        string receiver, Func<CancellationToken, Task<DeliveryResult>> attempt, string tenant = "mn") =>
        pipelines.Send(tenant, receiver, attempt, CancellationToken.None);
}
