using System.Globalization;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>
/// The promise: terms end on their day, and a vacant seat is not forgotten until somebody is appointed or elected. One instance per
/// board.
/// </summary>
public sealed class BoardSeatSaga : Saga<BoardSeats>
{
    private const int ReminderDays = 30;

    /// <inheritdoc/>
    public override string Name => "board_seats";

    /// <inheritdoc/>
    public override BoardSeats Initial(string id) => new(new(id), default);

    /// <inheritdoc/>
    public override string? Correlate(RecordedEvent e) => e.Type switch
    {
        "board_seat_established" or "board_director_seated" or "board_seat_vacated" or "board_director_removed" or "board_term_ended"
            or "board_vacancy_reminded" => e.KeyIn(Board.Category),
        _ => null,
    };

    /// <inheritdoc/>
    public override SagaStep<BoardSeats> On(BoardSeats state, SagaInput input) => input switch
    {
        SagaInput.Heard { Event.Fact: var fact } i => OnFact(state, fact, i.At),
        SagaInput.Woken i => OnTimer(state, i),
        _ => new(state),
    };

    private static SagaStep<BoardSeats> OnFact(BoardSeats state, object fact, DateTimeOffset at) => fact switch
    {
        Board.Event.SeatEstablished f => Vacant(state, f.Seat, f.On, at),
        Board.Event.SeatVacated f => Vacant(state, f.Seat, f.On, at),
        Board.Event.DirectorRemoved f => Vacant(state, f.Seat, f.On, at),
        Board.Event.TermEnded f => Vacant(state, f.Seat, f.LastDay.AddDays(1), at),
        Board.Event.DirectorSeated f => new(
            state with { Vacant = state.Vacant.Remove(f.Seat) },
            new SagaEffect.Wake($"term:{f.Seat}", BusinessCalendar.EndOfDay(f.Holder.Until).AddSeconds(1))),
        Board.Event.VacancyReminded f when IsVacant(state, f.Seat, f.Since) => new(state, Reminder(f.Seat, f.Since, f.Number + 1, at)),
        _ => new(state),
    };

    private static SagaStep<BoardSeats> OnTimer(BoardSeats state, SagaInput.Woken woken)
    {
        var parts = woken.Timer.Split(':');
        if (parts[0] is "term")
            return new(state, new SagaEffect.Send(new EndBoardTerms(state.Cooperative, BusinessCalendar.LocalDate(woken.At))));
        var (seat, since) = (new SeatId(parts[1]), DateOnly.Parse(parts[2], CultureInfo.InvariantCulture));
        return IsVacant(state, seat, since)
            ? new(state, new SagaEffect.Send(
                new RemindOfVacancy(state.Cooperative, seat, since, int.Parse(parts[3], CultureInfo.InvariantCulture))))
            : new(state);
    }

    private static SagaStep<BoardSeats> Vacant(BoardSeats state, SeatId seat, DateOnly since, DateTimeOffset at) =>
        new(state with { Vacant = state.Vacant.Set(seat, since) }, Reminder(seat, since, 1, at));

    private static bool IsVacant(BoardSeats state, SeatId seat, DateOnly since) =>
        state.Vacant.TryGetValue(seat, out var known) && known == since;

    private static SagaEffect.Wake Reminder(SeatId seat, DateOnly since, int number, DateTimeOffset at) => new(
        string.Create(CultureInfo.InvariantCulture, $"vacant:{seat}:{since:yyyy-MM-dd}:{number}"),
        BusinessCalendar.AddCalendarDays(at, ReminderDays));
}

/// <summary>What the saga remembers of a board.</summary>
/// <param name="Cooperative">Whose.</param>
/// <param name="Vacant">Vacant seats, and since when.</param>
public sealed record BoardSeats(CooperativeId Cooperative, StructuralMap<SeatId, DateOnly> Vacant);
