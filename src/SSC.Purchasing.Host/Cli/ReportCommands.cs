using System.CommandLine;
using System.Globalization;
using SSC.Purchasing.Audit;
using SSC.Purchasing.Host.Reports;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Procurement.JointOrders;

namespace SSC.Purchasing.Host.Cli;

/// <summary><c>whatif</c> and <c>audit</c>: questions to history that record nothing.</summary>
internal static class ReportCommands
{
    public static Command WhatIf()
    {
        var orders = new Argument<string[]>("orders") { Description = "Joint orders; or --contract.", Arity = ArgumentArity.ZeroOrMore };
        var contract = new Option<string?>("--contract") { Description = "All orders of this contract." };
        var from = new Option<DateOnly?>("--from") { Description = "Of these, with a cutoff on or after this day." };
        var until = new Option<DateOnly?>("--until") { Description = "Of these, with a cutoff on or before this day." };
        var prices = new Option<string?>("--prices") { Description = "Another schedule, contract@version, also another vendor's." };
        var pooled = new Option<long?>("--as-if-pooled") { Description = "Prices as if so many units had been pooled on every line." };
        var policy = new Option<AllocationPolicy?>("--policy") { Description = "Another allocation policy." };
        var command = new Command("whatif",
            "Run past orders through another schedule, tier, vendor or policy and show who gains and loses; records nothing.")
        {
            orders, contract, from, until, prices, pooled, policy,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            var (report, no) = await WhatIfRun.Ask(
                node.Store, node.Commands, node.Models, node.Settings.Tenant,
                new()
                {
                    Orders = parsed.GetValue(orders) ?? [],
                    Contract = parsed.GetValue(contract),
                    From = parsed.GetValue(from),
                    Until = parsed.GetValue(until),
                    Prices = parsed.GetValue(prices),
                    AsIfPooled = parsed.GetValue(pooled) is { } units and >= 0 and <= 1_000_000_000 ? Quantity.Of(units) : null,
                    Policy = parsed.GetValue(policy),
                },
                ct);
            if (no is not null) return output.Failure(no.Code, no.Reason);
            if (!output.IsJson)
            {
                foreach (var member in report!.Members)
                    Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"  {member.Member,-12} {member.CostBefore,14} → {member.CostAfter,14}  {member.Difference,12}"));
                foreach (var left in report.NotCompared) Console.Out.WriteLine($"  {left.Order}: {left.Reason}");
            }

            output.Result(report!, string.Create(CultureInfo.InvariantCulture,
                $"{report!.Orders.Count} orders: {report.CostBefore} would have been {report.CostAfter}; {report.Gaining} members gain, "
                + $"{report.Losing} lose."));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Audit()
    {
        var asOf = new Option<long?>("--as-of") { Description = "Only what was recorded up to this position." };
        var day = new Option<DateOnly?>("--day") { Description = "Day to judge open matters by; the day of the last event unless told." };
        var command = new Command("audit",
            "Look for missing evidence, split purchases, late payments and unfinished work; exit code 3 when anything is found.")
        {
            asOf, day,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var output = Output.For(parsed);
            await using var node = await Node.Open(ServeCommand.SettingsOf(parsed), run: false, ct);
            var report = await new AuditFindings(node.Store, Modules.Detectors)
                .Run(node.Settings.Tenant, parsed.GetValue(asOf), parsed.GetValue(day), ct);
            if (!output.IsJson)
            {
                foreach (var finding in report.Findings)
                    Console.Out.WriteLine($"  {finding.Kind,-24} {finding.Subject}: {finding.Explanation} [{finding.Rule}]");
            }

            output.Result(report, string.Create(CultureInfo.InvariantCulture,
                $"{report.Findings.Count} findings as of {report.AsOf:yyyy-MM-dd}, {report.EventsHeard} events heard."));
            return report.Findings.Count == 0 ? ExitCode.Ok : ExitCode.Differences;
        });
        return command;
    }
}
