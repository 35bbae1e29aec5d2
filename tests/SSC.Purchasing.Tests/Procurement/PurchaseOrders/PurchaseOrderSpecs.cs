using Shouldly;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.PurchaseOrders;
using SSC.Purchasing.Tests.Testbed;
using Xunit;
using static SSC.Purchasing.Procurement.PurchaseOrders.PurchaseOrder;
using static SSC.Purchasing.Tests.Procurement.PurchaseOrders.PurchaseOrderSamples;

namespace SSC.Purchasing.Tests.Procurement.PurchaseOrders;

public class PurchaseOrderSpecs : SpecFor<PurchaseOrder, Command, State, Event>
{
    private static readonly Event Issued = Of(new Event.Issued(Document, 1, Hash));
    private static readonly Event Dispatched = Of(new Event.Dispatched("peppol", 1, 1, Hash));

    [Fact]
    public void an_order_is_issued_once_with_the_hash_of_its_bytes()
    {
        Given().When(new Command.Issue(Document)).Records(Issued);
        Given(Issued).When(new Command.Issue(Document)).RecordsNothing();
        Given(Issued).When(new Command.Issue(Document with { Terms = "Net 45 days" })).Refuses("order-exists");
        Given().When(new Command.Remind(1)).Refuses("order-not-issued");
        Given().When(Responds("R-1", ResponseCode.AP)).Refuses("order-not-issued");
    }

    [Fact]
    public void every_wrong_document_has_its_own_code()
    {
        Expect("order-number-invalid", Document with { Number = "" });
        Expect("order-parties-invalid", Document with { Contract = new("") });
        Expect("order-terms-invalid", Document with { Terms = "\0" });
        Expect("order-lines-invalid", Document with { Lines = [] });
        Expect("line-number-invalid", Order(Tires, Tubes with { No = 1 }));
        Expect("line-number-invalid", Order(Tires with { No = 0 }));
        Expect("line-item-invalid", Order(Tires with { Unit = "TIRE" }));
        Expect("quantity-out-of-range", Order(Line(1, "T", 1m, Drop("M-001", "S", 5), Drop("M-001", "S", -1))));
        Expect("quantity-out-of-range", Order(Line(1, "T", 1m, Drop("M-001", "S", 1_000_000_001))));
        Expect("drops-do-not-sum", Order(Tires with { Drops = [Tires.Drops[0]] }));
        Expect("drop-invalid", Order(Line(1, "T", 1m, Drop("", "S", 5))));
        Expect("amount-wrong", Order(Tires with { Amount = Tires.Amount + new Money(1) }));
        Expect("amount-wrong", Order(Tires with { Price = new(0) }));
        Expect("total-wrong", Document with { Total = Document.Total + new Money(1) });
        Expect("total-wrong", Document with { Freight = new Money(-1), Total = Document.Total - Document.Freight - new Money(1) });

        Given(Issued).When(new Command.Revise(Order(Tires with { Price = new(0) }), "why")).Refuses("amount-wrong");

        static void Expect(string code, OrderDocument document) => Given().When(new Command.Issue(document)).Refuses(code);
    }

    [Fact]
    public void sending_the_very_bytes_puts_the_order_with_the_vendor_once()
    {
        Given(Issued).When(new Command.RecordDispatch("peppol", 1, Hash)).Records(Dispatched);
        Given(Issued, Dispatched).State.ShouldBeOfType<State.Sent>();
        Given(Issued, Dispatched).When(new Command.RecordDispatch("peppol", 2, Hash)).RecordsNothing();
        Given(Issued).When(new Command.RecordDispatch("peppol", 1, new string('0', 64))).Refuses("content-hash-mismatch");
        Given(Issued).When(new Command.RecordDispatch("peppol", 0, Hash)).Refuses("dispatch-invalid");
        Given(Issued).When(new Command.RecordDispatch("", 1, Hash)).Refuses("dispatch-invalid");
    }

    [Fact]
    public void when_sending_fails_someone_brings_it_and_both_are_on_record()
    {
        var failed = Of(new Event.DispatchFailed("connection refused", 5, 1));
        var brought = Of(new Event.ManuallyDispatched("by telephone and e-mail", "U-17", 1, Hash));
        Given(Issued).When(new Command.RecordDispatchFailure("connection refused", 5)).Records(failed);
        Given(Issued, failed).When(new Command.RecordDispatchFailure("connection refused", 5)).RecordsNothing();
        Given(Issued, failed).When(new Command.RecordManualDispatch("by telephone and e-mail", "U-17", Hash)).Records(brought);
        Given(Issued, failed, brought).When(new Command.RecordManualDispatch("by telephone and e-mail", "U-17", Hash)).RecordsNothing();
        Given(Issued, failed, brought).When(new Command.RecordDispatchFailure("connection refused", 6)).RecordsNothing();
        Given(Issued).When(new Command.RecordManualDispatch("by car", "not an id", Hash)).Refuses("dispatch-invalid");
        Given(Issued).When(new Command.RecordDispatchFailure("", 1)).Refuses("dispatch-invalid");
    }

    [Fact]
    public void an_acknowledgement_records_that_the_vendor_has_it_and_waits()
    {
        var response = Answer("R-1", ResponseCode.AB);
        Given(Issued).When(new Command.RecordResponse(response)).Records(Of(new Event.ResponseRecorded(response, 1)));
        Given(Issued, Of(new Event.ResponseRecorded(response, 1))).State.ShouldBeOfType<State.Sent>();
    }

    [Fact]
    public void an_acceptance_confirms_every_line_as_ordered()
    {
        var response = Answer("R-1", ResponseCode.AP);
        Given(Issued, Dispatched).When(new Command.RecordResponse(response)).Records(
            Of(new Event.ResponseRecorded(response, 1)),
            Of(new Event.Confirmed(1, [Agreed(Tires), Agreed(Tubes)], [])));
    }

    [Fact]
    public void a_rejection_ends_it_with_the_vendors_words()
    {
        var response = Answer("R-1", ResponseCode.RE) with { Note = "factory strike" };
        Given(Issued, Dispatched).When(new Command.RecordResponse(response)).Records(
            Of(new Event.ResponseRecorded(response, 1)), Of(new Event.Rejected("factory strike", BySilence: false)));
    }

    [Fact]
    public void a_conditional_acceptance_is_settled_line_by_line_and_then_confirms()
    {
        var response = Answer("R-1", ResponseCode.CA, Propose(1, quantity: 10), Reject(2));
        var open = Given(Issued, Dispatched, Of(new Event.ResponseRecorded(response, 1)));
        Given(Issued, Dispatched).When(new Command.RecordResponse(response)).Records(Of(new Event.ResponseRecorded(response, 1)));
        open.State.ShouldBeOfType<State.Answered>();
        var fewer = Agreed(Tires) with { Quantity = Quantity.Of(10) };
        open.When(new Command.AcceptChange(1)).Records(Of(new Event.ChangeAccepted(fewer)), Of(new Event.Confirmed(1, [fewer], [2])));
        open.After(new Command.AcceptChange(1)).When(new Command.AcceptChange(1)).RecordsNothing();
    }

    [Fact]
    public void a_conditional_acceptance_without_proposals_confirms_at_once()
    {
        var response = Answer("R-1", ResponseCode.CA, Accept(1), Reject(2));
        Given(Issued, Dispatched).When(new Command.RecordResponse(response)).Records(
            Of(new Event.ResponseRecorded(response, 1)), Of(new Event.Confirmed(1, [Agreed(Tires)], [2])));
    }

    [Fact]
    public void rejecting_each_line_rejects_the_order() =>
        Given(Issued, Dispatched).When(Responds("R-1", ResponseCode.CA, Reject(1), Reject(2))).Records(
            Of(new Event.ResponseRecorded(Answer("R-1", ResponseCode.CA, Reject(1), Reject(2)), 1)),
            Of(new Event.Rejected("every line was rejected", BySilence: false)));

    [Fact]
    public void a_price_above_schedule_is_rejected_in_the_same_decision_and_never_accepted()
    {
        var response = Answer("R-1", ResponseCode.CA, Propose(1, price: 318.000001m), Propose(2, price: 41.5m, on: Friday));
        Given(Issued, Dispatched).When(new Command.RecordResponse(response)).Records(
            Of(new Event.ResponseRecorded(response, 1)), Of(new Event.ChangeRejected(1, "price above schedule", Automatic: true)));
        var open = Given(Issued, Dispatched).After(new Command.RecordResponse(response));
        open.When(new Command.AcceptChange(1)).Refuses("no-proposal");
        open.When(new Command.RejectChange(1, "again")).RecordsNothing();
        open.When(new Command.AcceptChange(2)).Records(Of(new Event.ChangeAccepted(Agreed(Tubes) with { DeliverOn = Friday })));
        open.After(new Command.AcceptChange(2)).After(new Command.CancelLine(1, "too dear")).State.ShouldBeOfType<State.Confirmed>();
    }

    [Fact]
    public void a_declined_change_leaves_the_line_open_for_another_answer()
    {
        var open = Given(Issued, Dispatched).After(Responds("R-1", ResponseCode.CA, Propose(1, item: "TIRE-X"), Accept(2)));
        open.When(new Command.RejectChange(1, "")).Refuses("reason-missing");
        open.When(new Command.RejectChange(1, "wrong size")).Records(Of(new Event.ChangeRejected(1, "wrong size", Automatic: false)));
        open.When(new Command.RejectChange(2, "x")).Refuses("no-proposal");
        open.When(new Command.RejectChange(9, "x")).Refuses("unknown-line");
        open.When(new Command.AcceptChange(9)).Refuses("unknown-line");
        open.When(new Command.CountAsRejected()).Refuses("order-answered");
        var declined = open.After(new Command.RejectChange(1, "wrong size"));
        declined.When(Responds("R-2", ResponseCode.AP)).Records(
            Of(new Event.ResponseRecorded(Answer("R-2", ResponseCode.AP), 1)),
            Of(new Event.Confirmed(1, [Agreed(Tires), Agreed(Tubes)], [])));
        declined.When(Responds("R-2", ResponseCode.CA, Accept(2))).Refuses("line-settled");
    }

    [Fact]
    public void the_same_response_document_counts_once()
    {
        var answered = Given(Issued, Dispatched).After(Responds("R-1", ResponseCode.AB));
        answered.When(Responds("R-1", ResponseCode.AB)).RecordsNothing();
        answered.When(Responds("R-1", ResponseCode.RE)).RecordsNothing();
    }

    [Fact]
    public void every_wrong_response_has_its_own_code()
    {
        Expect("wrong-vendor", Answer("R-1", ResponseCode.AP) with { Vendor = new("V-other") });
        Expect("document-id-invalid", Answer("", ResponseCode.AP));
        Expect("note-invalid", Answer("R-1", ResponseCode.AP) with { Note = "\u001b[31m" });
        Expect("response-lines-unexpected", Answer("R-1", ResponseCode.AP, Accept(1)));
        Expect("response-lines-unexpected", Answer("R-1", ResponseCode.AB, Accept(1)));
        Expect("response-lines-unexpected", Answer("R-1", ResponseCode.RE, Reject(1)));
        Expect("response-lines-missing", Answer("R-1", ResponseCode.CA));
        Expect("response-line-repeated", Answer("R-1", ResponseCode.CA, Accept(1), Reject(1)));
        Expect("response-unknown-line", Answer("R-1", ResponseCode.CA, Accept(3)));
        Expect("quantity-out-of-range", Answer("R-1", ResponseCode.CA, Propose(1, quantity: -1)));
        Expect("quantity-out-of-range", Answer("R-1", ResponseCode.CA, Propose(1, quantity: 1_000_000_001)));
        Expect("price-negative", Answer("R-1", ResponseCode.CA, Propose(1, price: -0.01m)));
        Expect("substitute-invalid", Answer("R-1", ResponseCode.CA, Propose(1, item: "no spaces")));
        Expect("proposal-empty", Answer("R-1", ResponseCode.CA, Propose(1)));
        Expect("response-outdated", Answer("R-1", ResponseCode.AP) with { Revision = 2 });

        static void Expect(string code, VendorResponse response) =>
            Given(Issued, Dispatched).When(new Command.RecordResponse(response)).Refuses(code);
    }

    [Fact]
    public void silence_is_reminded_then_escalated_then_counted_as_rejection()
    {
        var sent = Given(Issued, Dispatched);
        sent.When(new Command.Remind(1)).Records(Of(new Event.Reminded(1)));
        sent.After(new Command.Remind(1)).When(new Command.Remind(1)).RecordsNothing();
        sent.When(new Command.Escalate("silent for 7 days")).Records(Of(new Event.Escalated("silent for 7 days")));
        sent.When(new Command.Escalate("")).Refuses("reason-missing");
        sent.After(new Command.Escalate("silent")).When(new Command.Escalate("silent")).RecordsNothing();
        sent.When(new Command.CountAsRejected()).Records(Of(new Event.Rejected("no answer", BySilence: true)));
        sent.After(new Command.CountAsRejected()).When(new Command.CountAsRejected()).RecordsNothing();
        sent.After(new Command.CountAsRejected()).When(new Command.Remind(2)).RecordsNothing();
    }

    [Fact]
    public void nobody_is_blamed_for_silence_about_an_order_that_was_never_sent()
    {
        Given(Issued).When(new Command.Remind(1)).Refuses("order-not-sent");
        Given(Issued).When(new Command.CountAsRejected()).Refuses("order-not-sent");
    }

    [Fact]
    public void an_answer_in_time_is_not_counted_as_silence() =>
        Confirmed().When(new Command.CountAsRejected()).Refuses("order-already-confirmed");

    [Fact]
    public void a_rejected_order_goes_to_another_vendor_and_a_late_acceptance_no_longer_binds()
    {
        var rejected = Given(Issued, Dispatched).After(new Command.CountAsRejected());
        rejected.When(Responds("R-9", ResponseCode.AP)).Refuses("order-re-awarded");
        rejected.When(new Command.ReAward(TriCounty)).Refuses("re-award-vendor-invalid");
        rejected.When(new Command.CancelLine(1, "x")).Refuses("order-rejected");
        rejected.When(new Command.ReAward(new("V-next"))).Records(Of(new Event.ReAwarded(new("V-next"))));
        var gone = rejected.After(new Command.ReAward(new("V-next")));
        gone.When(Responds("R-9", ResponseCode.AP)).Refuses("order-re-awarded");
        gone.When(new Command.ReAward(new("V-next"))).RecordsNothing();
        gone.When(new Command.ReAward(new("V-third"))).Refuses("order-re-awarded");
        Given(Issued, Dispatched).When(new Command.ReAward(new("V-next"))).Refuses("order-not-rejected");
    }

    [Fact]
    public void a_response_known_before_the_re_award_is_still_known_after_it() =>
        Given(Issued, Dispatched).After(Responds("R-1", ResponseCode.AB)).After(new Command.CountAsRejected())
            .After(new Command.ReAward(new("V-next"))).When(Responds("R-1", ResponseCode.AB)).RecordsNothing();

    [Fact]
    public void a_confirmed_order_binds_both_sides()
    {
        Confirmed().When(Responds("R-2", ResponseCode.AP)).RecordsNothing();
        Confirmed().When(Responds("R-2", ResponseCode.RE)).Refuses("order-already-confirmed");
        Confirmed().When(Responds("R-2", ResponseCode.CA, Reject(1))).Refuses("order-already-confirmed");
        Confirmed().When(new Command.CancelLine(1, "changed our mind")).Refuses("line-accepted");
    }

    [Fact]
    public void a_line_the_vendor_has_not_accepted_can_be_taken_back_and_the_last_one_ends_the_order()
    {
        Given(Issued).When(new Command.CancelLine(2, "not needed")).Records(Of(new Event.LineCancelled(2, "not needed")));
        var one = Given(Issued).After(new Command.CancelLine(2, "not needed"));
        one.When(new Command.CancelLine(2, "not needed")).RecordsNothing();
        one.When(new Command.CancelLine(3, "x")).Refuses("unknown-line");
        one.When(new Command.CancelLine(1, "")).Refuses("reason-missing");
        one.When(new Command.CancelLine(1, "x")).Records(Of(new Event.LineCancelled(1, "x")), Of(new Event.Cancelled(Money.Zero)));
        one.After(Responds("R-1", ResponseCode.AP)).State.ShouldBeOfType<State.Confirmed>()
            .File.Lines[2].Status.ShouldBe(LineStatus.Cancelled, "an acceptance does not bring a cancelled line back");
    }

    [Fact]
    public void before_it_is_sent_cancelling_is_free_and_at_once()
    {
        Given(Issued).When(new Command.RequestCancellation("minimum missed")).Records(Of(new Event.Cancelled(Money.Zero)));
        Given(Issued).When(new Command.RequestCancellation("")).Refuses("reason-missing");
        var cancelled = Given(Issued).After(new Command.RequestCancellation("minimum missed"));
        cancelled.When(new Command.RequestCancellation("minimum missed")).RecordsNothing();
        cancelled.When(Responds("R-1", ResponseCode.AP)).Refuses("order-cancelled");
    }

    [Fact]
    public void after_it_is_sent_the_vendor_is_asked_and_may_take_a_fee_or_decline()
    {
        var asked = Confirmed().After(new Command.RequestCancellation("funds cut"));
        Confirmed().When(new Command.RequestCancellation("funds cut")).Records(Of(new Event.CancellationRequested("funds cut")));
        asked.When(new Command.RequestCancellation("funds cut")).RecordsNothing();
        asked.When(Responds("R-2", ResponseCode.AP)).Refuses("cancellation-pending");
        asked.When(new Command.ConfirmCancellation(new Money(-1))).Refuses("fee-invalid");
        asked.When(new Command.ConfirmCancellation(Money.FromDollars(75m))).Records(Of(new Event.Cancelled(Money.FromDollars(75m))));
        asked.After(new Command.ConfirmCancellation(Money.Zero)).When(new Command.ConfirmCancellation(Money.Zero)).RecordsNothing();
        asked.When(new Command.DeclineCancellation("")).Refuses("reason-missing");
        asked.When(new Command.DeclineCancellation("already shipped")).Records(Of(new Event.CancellationDeclined("already shipped")));
        asked.After(new Command.DeclineCancellation("already shipped")).State.ShouldBe(Confirmed().State);
        Confirmed().When(new Command.ConfirmCancellation(Money.Zero)).Refuses("no-cancellation-requested");
    }

    [Fact]
    public void a_revision_has_a_number_and_a_hash_of_its_own_and_opens_only_what_it_changes()
    {
        var fewer = Order(Tires, Line(2, "TUBE-11R22", 41.5m, Drop("M-002", "M-002-BUS", 6)));
        var hash = PurchaseOrderContent.Hash(fewer, 2);
        Confirmed().When(new Command.Revise(fewer, "budget")).Records(Of(new Event.Revised(fewer, 2, hash, "budget")));
        var revised = Confirmed().After(new Command.Revise(fewer, "budget"));
        revised.When(new Command.Revise(fewer, "budget")).RecordsNothing();
        revised.State.ShouldBeOfType<State.Issued>().File.Lines[1].Status.ShouldBe(LineStatus.Accepted);
        revised.When(new Command.RecordDispatch("peppol", 1, Hash)).RecordsNothing();
        revised.When(new Command.RecordDispatch("peppol", 1, hash)).Records(Of(new Event.Dispatched("peppol", 1, 2, hash)));
        revised.When(new Command.RecordResponse(Answer("R-2", ResponseCode.AP) with { Revision = 1 })).Refuses("response-outdated");
        revised.When(new Command.RequestCancellation("budget")).Records(Of(new Event.CancellationRequested("budget")));
    }

    [Fact]
    public void a_revision_that_only_moves_drops_or_writes_down_what_was_agreed_stays_confirmed()
    {
        var moved = Order(Line(1, "TIRE-11R22", 318m, Drop("M-001", "M-001-BUS", 6), Drop("M-002", "M-002-BUS", 6)), Tubes);
        Confirmed().After(new Command.Revise(moved, "redistributed")).State.ShouldBeOfType<State.Confirmed>().File.Revision.ShouldBe(2);
        var short10 = Given(Issued, Dispatched).After(Responds("R-1", ResponseCode.CA, Propose(1, quantity: 10), Accept(2)))
            .After(new Command.AcceptChange(1));
        var written = Order(Line(1, "TIRE-11R22", 318m, Drop("M-001", "M-001-BUS", 7), Drop("M-002", "M-002-BUS", 3)), Tubes);
        short10.After(new Command.Revise(written, "as accepted")).State.ShouldBeOfType<State.Confirmed>();
        short10.After(new Command.Revise(moved, "back to 12")).State.ShouldBeOfType<State.Issued>();
    }

    [Fact]
    public void a_revision_changes_neither_the_parties_nor_a_price_upwards()
    {
        Given(Issued).When(new Command.Revise(Document with { Number = "PO-2" }, "x")).Refuses("order-identity-fixed");
        Given(Issued).When(new Command.Revise(Document with { Vendor = new("V-next") }, "x")).Refuses("order-identity-fixed");
        var dearer = Order(Line(1, "TIRE-11R22", 318.01m, [.. Tires.Drops]), Tubes);
        Given(Issued).When(new Command.Revise(dearer, "x")).Refuses("price-above-schedule");
        Given(Issued).When(new Command.Revise(Order(Tires), "")).Refuses("reason-missing");
    }

    [Fact]
    public void only_a_confirmed_order_is_closed_and_then_nothing_changes()
    {
        Given(Issued).When(new Command.Close()).Refuses("order-not-confirmed");
        Confirmed().When(new Command.Close()).Records(Of(new Event.Closed()));
        var closed = Confirmed().After(new Command.Close());
        closed.When(new Command.Close()).RecordsNothing();
        closed.When(Responds("R-5", ResponseCode.RE)).Refuses("order-closed");
        closed.When(new Command.Revise(Order(Tires), "late")).Refuses("order-closed");
    }

    private static History Confirmed() => Given(Issued, Dispatched).After(Responds("R-1", ResponseCode.AP));

    private static Command.RecordResponse Responds(string id, ResponseCode code, params LineAnswer[] lines) =>
        new Command.RecordResponse(Answer(id, code, lines));

    private static AgreedLine Agreed(OrderLine line) => new(line.No, line.Item, line.Quantity, line.Price);

    private static Event Of(Event fact) => fact with { JointOrder = Document.JointOrder, Vendor = TriCounty };
}
