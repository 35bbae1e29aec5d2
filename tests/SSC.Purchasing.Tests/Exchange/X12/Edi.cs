using System.Text;
using SSC.Purchasing.Exchange.X12;

namespace SSC.Purchasing.Tests.Exchange.X12;

/// <summary>Interchanges as vendors send them, written by hand where it matters and counted where it does not.</summary>
internal static class Edi
{
    private const string From = "WHITEWATER     ";
    private const string To = "SSC            ";

    /// <summary>An interchange of one group.</summary>
    public static byte[] Of(string group, params (string Type, string Body)[] sets) =>
        Bytes(Header() + Group(group, 1, sets) + "IEA*1*000000905~");

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>ISA.</summary>
    public static string Header() => $"ISA*00*          *00*          *ZZ*{From}*ZZ*{To}*260310*0915*U*00401*000000905*0*P*>~";

    /// <summary>A group, with its counts.</summary>
    public static string Group(string code, int number, params (string Type, string Body)[] sets) =>
        $"GS*{code}*WHITEWATER*SSC*20260310*0915*{number}*X*004010~"
        + string.Concat(sets.Select((s, i) => Set(s.Type, i + 1, s.Body))) + $"GE*{sets.Length}*{number}~";

    /// <summary>A transaction set, with its count; each line of the body is a segment.</summary>
    public static string Set(string type, int number, string body)
    {
        var segments = body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return $"ST*{type}*{number:0000}~{string.Concat(segments.Select(s => s + "~"))}SE*{segments.Length + 2}*{number:0000}~";
    }

    /// <summary>The segments of an interchange as text, one to a line.</summary>
    public static string Lines(byte[] interchange) => Encoding.UTF8.GetString(interchange).Replace("~", "\n", StringComparison.Ordinal);

    public static X12Interchange Parsed(byte[] interchange)
    {
        var parsed = X12Interchange.Parse(interchange, X12Limits.Default, out var fault);
        return parsed ?? throw new InvalidOperationException($"{fault}");
    }

    public const string Acceptance =
        """
        BAK*00*AC*PO-JO-2026-014-1*20260306*1***SO-77*20260309
        PO1*1*240*CT*39.75**VN*PAPER-20LB
        ACK*IA*240*CT
        PO1*2*3*EA*118.5**VN*TONER-26A
        ACK*IQ*2*EA*067*20260402
        N9*ZZ*NOTE
        MSG*One is discontinued
        CTT*2*243
        """;

    public const string Notice =
        """
        BSN*00*SH-501*20260318*1015*0001
        HL*1**S
        TD5**2*ABFS**ABF Freight
        REF*CN*PRO-99-1
        DTM*011*20260317
        DTM*017*20260320
        HL*2*1*O
        PRF*PO-JO-2026-014-1
        N1*ST**92*M-001-HS
        HL*3*2*I
        LIN*1*VN*PAPER-20LB*LT*LOT-7
        SN1**100*CT**120*CT**BP
        HL*4*1*O
        PRF*PO-JO-2026-014-1
        N1*ST**92*M-002-DO
        HL*5*4*P
        HL*6*5*I
        LIN*1*VN*PAPER-20LB
        SN1**40*CT
        CTT*6*140
        """;

    public const string Bill =
        """
        BIG*20260321*INV-9001*20260306*PO-JO-2026-014-1
        N1*BT**92*M-001
        N1*ST**92*M-001-HS
        ITD*01*3*****35
        IT1*1*120*CT*39.75**VN*PAPER-20LB
        PID*F****Copy paper
        IT1*1*80*CT*39.75**VN*PAPER-20LB
        N1*ST**92*M-001-WH
        IT1*2*3*EA*118.5**VN*TONER-26A
        SDQ*EA*92*M-001-HS*1*M-001-WH*2
        TDS*849400
        SAC*C*D240***18500*********Freight
        SAC*A*C310***100
        CTT*3*203
        """;
}
