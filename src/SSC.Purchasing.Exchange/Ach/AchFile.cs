using System.Globalization;
using System.Text;
using SSC.Purchasing.InsurancePool.Rules;
using SSC.Purchasing.Kernel;

namespace SSC.Purchasing.Exchange.Ach;

/// <summary>Kind of a bank account.</summary>
public enum BankAccountKind
{
    /// <summary>Checking.</summary>
    Checking,

    /// <summary>Savings.</summary>
    Savings,
}

/// <summary>An account to collect from. It comes with the request that makes the file, and is kept nowhere.</summary>
/// <param name="Routing">ABA routing number, nine digits with its check digit.</param>
/// <param name="Account">Account number, at most 17 letters, digits, spaces or dashes.</param>
/// <param name="Kind">Checking or savings.</param>
public sealed record BankAccount(string Routing, string Account, BankAccountKind Kind);

/// <summary>Who collects.</summary>
/// <param name="Destination">Routing number of the bank that takes the file.</param>
/// <param name="DestinationName">Its name, at most 23 characters.</param>
/// <param name="CompanyId">The originator's ten-character identification.</param>
/// <param name="CompanyName">Its name, at most 16 characters.</param>
public sealed record AchOriginator(string Destination, string DestinationName, string CompanyId, string CompanyName);

/// <summary>A debit.</summary>
/// <param name="Trace">Our reference of the collection; comes back with a return.</param>
/// <param name="Amount">Above zero, below $100 million.</param>
/// <param name="Receiver">Name of the organization, cut at 22 characters.</param>
/// <param name="From">Its account.</param>
/// <param name="Remark">What it is for, at most 80 characters.</param>
public sealed record AchDebit(OpaqueRef Trace, Money Amount, string Receiver, BankAccount From, string Remark);

/// <summary>
/// Writes a file of corporate debits (CCD with an addenda each) in the NACHA format: file, batch, entry, addenda and control records of 94
/// characters, blocks of ten, the entry hash and totals of the controls.
/// </summary>
public static class AchFile
{
    private const int RecordLength = 94;
    private const int BlockingFactor = 10;
    private const long MostCents = 9_999_999_999;
    private const string DebitsOnly = "225";
    private static readonly int[] Weights = [3, 7, 1, 3, 7, 1, 3, 7, 1];

    /// <summary>True for nine digits whose weighted sum (3, 7, 1, …) is a multiple of ten.</summary>
    public static bool IsRouting(string? routing) =>
        routing is { Length: 9 } && routing.All(char.IsAsciiDigit) && routing.Zip(Weights, (c, w) => (c - '0') * w).Sum() % 10 == 0;

    /// <summary>
    /// Writes the file; or why not: <c>ach-empty</c>, <c>routing-invalid</c>, <c>account-invalid</c>, <c>amount-out-of-range</c>,
    /// <c>originator-invalid</c>.
    /// </summary>
    /// <param name="originator">Who collects.</param>
    /// <param name="debits">The debits; each trace once.</param>
    /// <param name="madeAt">Local time of the file.</param>
    /// <param name="collectOn">Effective entry date.</param>
    /// <param name="modifier">Tells the files of one day apart: A to Z.</param>
    public static (Refusal? No, string? File) Write(
        AchOriginator originator, IReadOnlyList<AchDebit> debits, DateTime madeAt, DateOnly collectOn, char modifier = 'A')
    {
        if (Flaw(originator, debits, modifier) is { } no) return (no, null);
        var odfi = originator.Destination[..8];
        var records = new List<string>
        {
            Invariant($"101 {originator.Destination}{Left(originator.CompanyId, 10)}{madeAt:yyMMdd}{madeAt:HHmm}{modifier}094101")
                + Left(originator.DestinationName, 23) + Left(originator.CompanyName, 23) + Left(string.Empty, 8),
            Invariant($"5{DebitsOnly}") + Left(originator.CompanyName, 16) + Left(string.Empty, 20) + Left(originator.CompanyId, 10)
                + Invariant($"CCDPREMIUM   {collectOn:yyMMdd}{collectOn:yyMMdd}   1{odfi}{1:0000000}"),
        };
        for (var i = 0; i < debits.Count; i++)
        {
            var (debit, number) = (debits[i], i + 1);
            var code = debit.From.Kind == BankAccountKind.Checking ? "27" : "37";
            records.Add(Invariant($"6{code}{debit.From.Routing}") + Left(debit.From.Account, 17)
                + Invariant($"{debit.Amount.Cents:0000000000}") + Left(debit.Trace.Value, 15) + Left(debit.Receiver, 22)
                + Invariant($"  1{odfi}{number:0000000}"));
            records.Add("705" + Left(debit.Remark, 80) + Invariant($"{1:0000}{number:0000000}"));
        }

        var (count, hash, total) = (debits.Count * 2, HashOf(debits), debits.Sum(d => d.Amount.Cents));
        records.Add(Invariant($"8{DebitsOnly}{count:000000}{hash:0000000000}{total:000000000000}{0:000000000000}")
            + Left(originator.CompanyId, 10) + Left(string.Empty, 25) + Invariant($"{odfi}{1:0000000}"));
        var blocks = (records.Count + 1 + BlockingFactor - 1) / BlockingFactor;
        records.Add(Invariant($"9{1:000000}{blocks:000000}{count:00000000}{hash:0000000000}{total:000000000000}{0:000000000000}")
            + Left(string.Empty, 39));
        while (records.Count % BlockingFactor != 0) records.Add(new('9', RecordLength));
        return (null, string.Join("\r\n", records) + "\r\n");
    }

    /// <summary>Σ of the first eight digits of the receivers' routing numbers, its last ten digits.</summary>
    private static long HashOf(IEnumerable<AchDebit> debits) =>
        debits.Sum(d => long.Parse(d.From.Routing.AsSpan(0, 8), NumberStyles.None, CultureInfo.InvariantCulture)) % 10_000_000_000;

    private static Refusal? Flaw(AchOriginator originator, IReadOnlyList<AchDebit> debits, char modifier)
    {
        if (debits.Count == 0) return new("ach-empty", "There is nothing to collect.");
        if (!IsRouting(originator.Destination) || string.IsNullOrWhiteSpace(originator.CompanyName)
            || originator.CompanyId is not { Length: > 0 and <= 10 } || modifier is not (>= 'A' and <= 'Z'))
            return new("originator-invalid", "Give the bank's routing number, a company name and an id of up to ten characters.");
        if (debits.FirstOrDefault(d => !IsRouting(d.From.Routing)) is { } badRouting)
            return new("routing-invalid", $"The routing number of {badRouting.Receiver} has a wrong check digit; ask for it again.");
        if (debits.FirstOrDefault(d => d.From.Account is not { Length: > 0 and <= 17 }
            || !d.From.Account.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-')) is { } badAccount)
            return new("account-invalid", $"The account number of {badAccount.Receiver} has 1 to 17 letters, digits, spaces or dashes.");
        return debits.Any(d => d.Amount.Cents is <= 0 or > MostCents)
            ? new("amount-out-of-range", "A debit is above zero and below $100 million.")
            : null;
    }

    /// <summary>Cut or filled with blanks; characters that banks' systems do not know become dots.</summary>
    private static string Left(string text, int length)
    {
        var clean = new StringBuilder(length);
        foreach (var c in text.Take(length)) clean.Append(c is >= ' ' and <= '~' ? char.ToUpperInvariant(c) : '.');
        return clean.ToString().PadRight(length);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>A returned debit.</summary>
/// <param name="Trace">Our reference of the collection.</param>
/// <param name="Code">Return reason code, e.g. <c>R01</c>.</param>
/// <param name="Amount">Amount returned.</param>
public sealed record AchReturn(OpaqueRef Trace, string Code, Money Amount);

/// <summary>Reads a file of returns: entries with an addenda of type 99.</summary>
public static class AchReturns
{
    private const int RecordLength = 94;
    private const int MostRecords = 100_000;

    /// <summary>
    /// The returns, or why the file is refused: <c>ach-malformed</c> (a record is not 94 characters, an addenda without its entry, another
    /// reference than ours), <c>ach-control-wrong</c> (the file control does not count what is there), <c>ach-empty</c>.
    /// </summary>
    public static (Refusal? No, IReadOnlyList<AchReturn> Returns) Read(string file)
    {
        var records = file.Split('\n').Select(r => r.TrimEnd('\r')).Where(r => r.Length > 0).ToList();
        if (records.Count is 0 or > MostRecords || records.Any(r => r.Length != RecordLength) || records[0][0] != '1')
            return (Malformed("Every record of an ACH file has 94 characters and the first one is the file header."), []);
        var (returns, counted, entry) = (new List<AchReturn>(), 0, (string?)null);
        foreach (var record in records)
        {
            if (record[0] is '6' or '7') counted++;
            if (record[0] == '6') entry = record;
            if (record[0] != '7' || !record.AsSpan(1, 2).SequenceEqual("99")) continue;
            var trace = entry?.Substring(39, 15).TrimEnd();
            if (!OpaqueRef.IsWellFormed(trace) || !long.TryParse(
                entry.AsSpan(29, 10), NumberStyles.None, CultureInfo.InvariantCulture, out var cents))
                return (Malformed("A return does not carry our reference of the collection."), []);
            returns.Add(new(new(trace), record.Substring(3, 3), new(cents)));
        }

        var control = records.FirstOrDefault(r => r[0] == '9' && r.Any(c => c != '9'));
        if (control is null || !int.TryParse(control.AsSpan(13, 8), NumberStyles.None, CultureInfo.InvariantCulture, out var said)
            || said != counted)
        {
            return (
                new("ach-control-wrong", "The file control does not count the entries that are there; ask the bank for the file again."),
                []);
        }

        return returns.Count == 0 ? (new("ach-empty", "The file returns nothing."), []) : (null, returns);
    }

    private static Refusal Malformed(string reason) => new("ach-malformed", reason);
}
