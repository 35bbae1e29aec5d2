using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Sagas;

/// <summary>Does what the promises of governance ask for: plans, membership years, elections, terms.</summary>
public sealed class GovernanceWork(Commands commands)
{
    /// <summary>Executes a saga's command.</summary>
    public Task<CommandOutcome> Execute(CommandContext context, GovernanceCommand command, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        return command switch
        {
            ScheduleAnnualPlan c => Plan(context, c.Cooperative, c.Year, new AnnualPlan.Command.Schedule(c.Cooperative, c.Year), ct),
            RemindOfAnnualPlan c => Plan(context, c.Cooperative, c.Year, new AnnualPlan.Command.Remind(c.Number), ct),
            RaiseAnnualPlanOverdue c => Plan(context, c.Cooperative, c.Year, new AnnualPlan.Command.RaiseOverdue(today), ct),

            AssessMembershipFee c => Assess(context, c.Member, c.Year, ct),
            RemindOfMembershipFee c => Year(context, c.Member, c.Year, new MembershipYear.Command.Remind(c.Number), ct),
            LapseMembershipYear c => Year(context, c.Member, c.Year, new MembershipYear.Command.Lapse(today), ct),
            EndLapsedMembership c => Member(
                context, c.Member, s => s.LastDay is null ? new Member.Command.Leave(c.LastDay) : null, ct),
            ResumeMembership c => Member(
                context, c.Member,
                s => s.LastDay == c.LapsedOn && s.ExpelledBy is null
                    ? new Member.Command.Rejoin(c.From > c.LapsedOn ? c.From : c.LapsedOn.AddDays(1))
                    : null,
                ct),

            OpenElectionVoting c => OpenVoting(context, c.Election, ct),
            CloseElection c => Election(context, c.Election, new Election.Command.Close(context.Now), ct),
            SeatElectedDirectors c => SeatElected(context, c.Cooperative, c.Election, ct),
            EndBoardTerms c => Board(context, c.Cooperative, new Board.Command.EndTerms(c.On), ct),
            RemindOfVacancy c => Board(context, c.Cooperative, new Board.Command.RemindOfVacancy(c.Seat, c.Since, c.Number), ct),
            _ => throw new ArgumentException($"{command.GetType().Name} is not work of governance.", nameof(command)),
        };
    }

    /// <summary>
    /// Calls the roll on a resolution at a meeting: the directors in office on that day, by the rules of that day. A change of the board
    /// meanwhile makes it be decided again.
    /// </summary>
    public Task<CommandOutcome> CallRoll(
        CommandContext context, ResolutionId resolution, string meeting, DateOnly heldOn, CancellationToken ct) =>
        commands.Handle<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
            context, resolution.Value, async fresh =>
            {
                var loaded = await commands.Load<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
                    context.Tenant, resolution.Value, fresh, ct).ConfigureAwait(false);
                var cooperative = loaded.State.File?.Matter.Cooperative ?? new("-");
                var board = await LoadBoard(context.Tenant, cooperative, fresh, ct).ConfigureAwait(false);
                var roll = board.State is Board.State.Constituted s
                    ? s.RollOf(meeting, heldOn)
                    : new BoardRoll(meeting, heldOn, [], VotingRules.Customary);
                return (
                    new Resolution.Command.OpenRollCall(roll),
                    new AppendConditions { Unchanged = [new($"{Membership.Board.Category}-{cooperative}", board.Version)] });
            }, ct);

    /// <summary>
    /// Counts a roll call and declares its outcome. A resolution that the board has decided stands in the minutes under a number of its
    /// own: the number is given to it first, and one that another resolution of the board has, or was decided under before numbers were
    /// given, is refused (<c>minutes-number-taken</c>).
    /// </summary>
    public async Task<CommandOutcome> Declare(
        CommandContext context, ResolutionId resolution, Resolution.Command.CloseRollCall close, CancellationToken ct)
    {
        var loaded = await commands.Load<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
            context.Tenant, resolution.Value, true, ct).ConfigureAwait(false);
        close = close with { NumberOf = resolution };
        if (Resolution.Decide(close, loaded.State) is Decision<Resolution.Event>.Accepted
            { Events: [Resolution.Event.Adopted or Resolution.Event.Rejected] })
        {
            var cooperative = loaded.State.File!.Matter.Cooperative;
            var number = await commands.Load<MinutesNumber, MinutesNumber.Command, MinutesNumber.State, MinutesNumber.Event>(
                context.Tenant, MinutesNumber.Key(cooperative, close.Number), true, ct).ConfigureAwait(false);
            if (number.State.Resolution is null
                && await RecordedNumbers.HolderOf(commands.Store, context.Tenant, cooperative, close.Number, ct).ConfigureAwait(false)
                    is { } holder && holder != resolution)
                await Give(context.Part("earlier-number"), cooperative, close.Number, holder, ct).ConfigureAwait(false);
            var given = await Give(context.Part("number"), cooperative, close.Number, resolution, ct).ConfigureAwait(false);
            if (given is not CommandOutcome.Done) return given;
        }

        return await commands.Handle<Resolution, Resolution.Command, Resolution.State, Resolution.Event>(
            context, resolution.Value, close, ct).ConfigureAwait(false);
    }

    private Task<CommandOutcome> Give(
        CommandContext context, CooperativeId cooperative, string number, ResolutionId resolution, CancellationToken ct) =>
        commands.Handle<MinutesNumber, MinutesNumber.Command, MinutesNumber.State, MinutesNumber.Event>(
            context, MinutesNumber.Key(cooperative, number), new MinutesNumber.Command.Give(cooperative, number, resolution), ct);

    /// <summary>
    /// Opens voting to the members of the cooperative that may vote (Minn. Stat. 123A.21 subd. 3) as the log says at its end, on the day
    /// on which nominations end.
    /// </summary>
    public Task<CommandOutcome> OpenVoting(CommandContext context, string election, CancellationToken ct) =>
        commands.Handle<Election, Election.Command, Election.State, Election.Event>(
            context, election, async fresh =>
            {
                var loaded = await commands.Load<Election, Election.Command, Election.State, Election.Event>(
                    context.Tenant, election, fresh, ct).ConfigureAwait(false);
                if (loaded.State is not Election.State.Nominating { Terms: var terms })
                    return (new Election.Command.OpenVoting([], 0, context.Now), AppendConditions.None);
                var head = await commands.Store.Head(ct).ConfigureAwait(false);
                var voters = await Electorate.Of(
                    commands.Store, context.Tenant, terms.Cooperative, BusinessCalendar.LocalDate(terms.NominationsUntil), head.Position,
                    ct).ConfigureAwait(false);
                return (new Election.Command.OpenVoting(voters, head.Position, context.Now), AppendConditions.None);
            }, ct);

    private async Task<CommandOutcome> Assess(CommandContext context, MemberNo member, int year, CancellationToken ct)
    {
        var today = BusinessCalendar.LocalDate(context.Now);
        return await commands.Handle<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>(
            context, MembershipYear.Key(member, year), async fresh =>
            {
                var loaded = await commands.Load<Member, Member.Command, Member.State, Member.Event>(
                    context.Tenant, member.Value, fresh, ct).ConfigureAwait(false);
                var known = loaded.State as Member.State.Admitted;
                var fees = await commands.Load<FeeSchedule, FeeSchedule.Command, FeeSchedule.State, FeeSchedule.Event>(
                    context.Tenant, known?.Cooperative.Value ?? "-", fresh, ct).ConfigureAwait(false);
                var first = new FiscalYear(year).FirstDay;

                // Who has left by the first day of the year, or of today in a year that runs, owes nothing for it.
                var services = known is null || known.LastDay < (first > today ? first : today) ? 0 : known.Facts.Services.Count;
                var type = services == 0 ? MemberType.Associate : known!.Facts.Type;
                return (
                    new MembershipYear.Command.Assess(
                        member, known?.Cooperative ?? new("-"), year, type, services, fees.State.On(first > today ? first : today), today),
                    new AppendConditions
                    {
                        Unchanged =
                        [
                            new($"{Membership.Member.Category}-{member}", loaded.Version),
                            new($"{FeeSchedule.Category}-{known?.Cooperative.Value ?? "-"}", fees.Version),
                        ],
                    });
            }, ct).ConfigureAwait(false);
    }

    /// <summary>Seats everybody who can be seated; what the board refuses (a seat that is taken) is answered in the end.</summary>
    private async Task<CommandOutcome> SeatElected(
        CommandContext context, CooperativeId cooperative, string election, CancellationToken ct)
    {
        var loaded = await commands.Load<Election, Election.Command, Election.State, Election.Event>(context.Tenant, election, true, ct)
            .ConfigureAwait(false);
        CommandOutcome answer = new CommandOutcome.Refused(new("election-not-certified", "Certify the election first."));
        if (loaded.State is not Election.State.Certified { Elected: var elected }) return answer;
        CommandOutcome? refused = null;
        foreach (var director in elected)
        {
            answer = await Board(
                context.Part(director.Seat.Value), cooperative,
                new Board.Command.Install(director.Seat, director.Director, director.Election, director.From), ct).ConfigureAwait(false);
            if (answer is CommandOutcome.Busy) return answer;
            if (answer is CommandOutcome.Refused) refused ??= answer;
        }

        return refused ?? answer;
    }

    private Task<Loaded<Board.State>> LoadBoard(string tenant, CooperativeId cooperative, bool fresh, CancellationToken ct) =>
        commands.Load<Board, Board.Command, Board.State, Board.Event>(tenant, cooperative.Value, fresh, ct);

    private Task<CommandOutcome> Board(CommandContext context, CooperativeId cooperative, Board.Command command, CancellationToken ct) =>
        commands.Handle<Board, Board.Command, Board.State, Board.Event>(context, cooperative.Value, command, ct);

    private Task<CommandOutcome> Plan(
        CommandContext context, CooperativeId cooperative, int year, AnnualPlan.Command command, CancellationToken ct) =>
        commands.Handle<AnnualPlan, AnnualPlan.Command, AnnualPlan.State, AnnualPlan.Event>(
            context, AnnualPlan.Key(cooperative, year), command, ct);

    private Task<CommandOutcome> Year(
        CommandContext context, MemberNo member, int year, MembershipYear.Command command, CancellationToken ct) =>
        commands.Handle<MembershipYear, MembershipYear.Command, MembershipYear.State, MembershipYear.Event>(
            context, MembershipYear.Key(member, year), command, ct);

    private Task<CommandOutcome> Election(CommandContext context, string election, Election.Command command, CancellationToken ct) =>
        commands.Handle<Election, Election.Command, Election.State, Election.Event>(context, election, command, ct);

    /// <summary>A command on a member as it stands, or nothing to do.</summary>
    private async Task<CommandOutcome> Member(
        CommandContext context, MemberNo member, Func<Member.State.Admitted, Member.Command?> choose, CancellationToken ct)
    {
        var loaded = await commands.Load<Member, Member.Command, Member.State, Member.Event>(context.Tenant, member.Value, true, ct)
            .ConfigureAwait(false);
        if (loaded.State is Member.State.Admitted s && choose(s) is { } command)
        {
            return await commands.Handle<Member, Member.Command, Member.State, Member.Event>(context, member.Value, command, ct)
                .ConfigureAwait(false);
        }

        var head = await commands.Store.Head(ct).ConfigureAwait(false);
        return new CommandOutcome.Done($"{Membership.Member.Category}-{member}", loaded.Version, head.Position, true);
    }
}
