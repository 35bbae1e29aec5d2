using System.IO.Compression;
using System.Text;
using Shouldly;
using SSC.Purchasing.Exchange.Tabular;
using Xunit;

namespace SSC.Purchasing.Tests.Exchange;

public class TableReaderTests
{
    private const string List = "Item #,Price\nA-1,41.90\n";

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public async Task a_list_is_read_whatever_separates_its_cells(string delimiter) =>
        (await Read($"Price list{delimiter}{delimiter}\nItem #{delimiter}Price\n\n\"A{delimiter} \"\"1\"\"\"{delimiter}41.90\n"))
            .Rows.Single().ShouldSatisfyAllConditions(
                r => r.Number.ShouldBe(4), r => r.Texts.ShouldBe([$"A{(delimiter == "\t" ? " " : delimiter)} \"1\"", "41.90"]));

    [Fact]
    public async Task a_comma_in_a_title_does_not_decide_the_separator() =>
        (await Read("Paper, pens, glue, and more\nItem #;Price\nA-1;41.90\n")).Rows.Single().Texts.ShouldBe(["A-1", "41.90"]);

    public static TheoryData<Encoding> Declared =>
        [new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true)];

    [Theory]
    [MemberData(nameof(Declared))]
    public async Task a_declared_encoding_is_read(Encoding encoding) =>
        (await Table([.. encoding.Preamble, .. encoding.GetBytes("Item #,Price\nMüller,1\n")])).Rows.Single().Texts[0].ShouldBe("Müller");

    [Fact]
    public async Task a_wrong_encoding_is_refused_and_not_guessed()
    {
        (await Refusal([.. Encoding.UTF8.GetBytes(List), 0x4D, 0xFC, 0x6C, 0x6C])).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe("file-encoding"), r => r.Reason.ShouldContain("Line 3"));
        (await Refusal(new UnicodeEncoding(false, false).GetBytes(List))).Code.ShouldBe("file-encoding");
        (await Refusal([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00])).Code.ShouldBe("file-encoding");
        (await Refusal([0xFF, 0xFE, 0x00, 0x00, 0x41, 0x00, 0x00, 0x00])).Code.ShouldBe("file-encoding");
    }

    [Fact]
    public async Task of_a_hundred_megabytes_no_more_is_read_than_is_needed_to_refuse_them()
    {
        var file = new EndlessStream(100L * 1024 * 1024, (byte)'x');
        (await TableReader.Read(file, IsHeader)).ShouldBeOfType<TableOutcome.Refused>().Refusal.Code.ShouldBe("file-too-large");
        file.Taken.ShouldBe(TableLimits.Default.MaxBytes + 1);
    }

    [Fact]
    public async Task a_file_of_exactly_the_limit_is_read()
    {
        var bytes = Encoding.UTF8.GetBytes(List);
        var limits = new TableLimits { MaxBytes = bytes.Length };
        (await Outcome(bytes, limits)).ShouldBeOfType<TableOutcome.Read>();
        (await Outcome([.. bytes, (byte)'\n'], limits)).ShouldBeOfType<TableOutcome.Refused>().Refusal.Code.ShouldBe("file-too-large");
    }

    [Theory]
    [InlineData("", "file-empty")]
    [InlineData("%PDF-1.7 …", "file-format")]
    [InlineData("Name,Colour\nA,red\n", "header-missing")]
    [InlineData("Item #,Price\n\"A-1,41.90\nA-2,1\nA-3,\"1\n", "file-malformed")]
    public async Task a_file_that_is_no_list_is_refused(string text, string code) =>
        (await Refusal(Encoding.UTF8.GetBytes(text))).Code.ShouldBe(code);

    [Fact]
    public async Task a_formula_in_csv_is_refused_with_its_address() =>
        (await Refusal(Encoding.UTF8.GetBytes("Item #,Price\nA-1,=1+1\n"))).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe("file-formula"), r => r.Reason.ShouldContain("B2"));

    [Fact]
    public async Task one_line_of_commas_is_refused() =>
        (await Refusal(Encoding.UTF8.GetBytes(List + new string(',', 1_000_000)))).Code.ShouldBe("file-too-wide");

    [Fact]
    public async Task rows_and_cells_beyond_the_limit_are_refused()
    {
        var text = "Item #,Price\n" + string.Concat(Enumerable.Repeat("A,1\n", 11));
        (await Outcome(Encoding.UTF8.GetBytes(text), new() { MaxRows = 11 })).ShouldBeOfType<TableOutcome.Read>();
        (await Refusal(Encoding.UTF8.GetBytes(text), new() { MaxRows = 10 })).Code.ShouldBe("file-too-many-rows");
        (await Refusal(Encoding.UTF8.GetBytes(text), new() { MaxCells = 21 })).Code.ShouldBe("file-too-many-cells");
    }

    [Theory]
    [InlineData("A\01", "cell-control-character")]
    [InlineData("A\u001b1", "cell-control-character")]
    [InlineData("A\u200b1", "cell-control-character")]
    public async Task an_invisible_character_is_the_fault_of_its_cell(string cell, string code) =>
        (await Read($"Item #,Price\n{cell},1\n")).Rows.Single()[0].Fault!.Code.ShouldBe(code);

    [Fact]
    public async Task a_wrapped_description_becomes_one_line() =>
        (await Read("Item #,Price\n\"white\r\npaper\",1\n")).Rows.Single().Texts[0].ShouldBe("white paper");

    private static bool IsHeader(IReadOnlyList<string> row) => row.Contains("Item #") && row.Any(t => t is "Price" or "Unit Price");

    private static async Task<TableOutcome> Outcome(byte[] file, TableLimits? limits = null) =>
        await TableReader.Read(new MemoryStream(file), IsHeader, limits);

    private static Task<Table> Read(string text) => Table(Encoding.UTF8.GetBytes(text));

    private static async Task<Table> Table(byte[] file) => (await Outcome(file)) switch
    {
        TableOutcome.Refused no => throw new ShouldAssertException($"{no.Refusal}"),
        var read => ((TableOutcome.Read)read).Table,
    };

    private static async Task<SSC.Purchasing.Kernel.Refusal> Refusal(byte[] file, TableLimits? limits = null) =>
        (await Outcome(file, limits)).ShouldBeOfType<TableOutcome.Refused>().Refusal;

    public class WorkbookTests
    {
        private const string Header = """<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c></row>""";

        [Fact]
        public async Task numbers_dates_and_item_numbers_read_as_their_sender_saw_them()
        {
            var table = await Table(Workbooks.OfRows(
                """<row r="1"><c r="A1"/></row>""" + Header
                + """<row r="7"><c r="A7" s="2"><v>123</v></c><c r="B7"><v>41.899999999999999</v></c>"""
                + """<c r="D7" s="1"><v>46204</v></c></row>"""));
            table.Header.Number.ShouldBe(3);
            table.Rows.Single().Number.ShouldBe(7);
            table.Rows.Single().Texts.ShouldBe(["00123", "41.9", "", "2026-07-01"]);
        }

        [Fact]
        public async Task hidden_sheets_and_sheets_without_the_header_are_passed_over()
        {
            var rows = Header + """<row r="4"><c r="A4"><v>1</v></c><c r="B4"><v>2</v></c></row>""";
            var file = Workbooks.Of(
                ("Old", "hidden", rows), ("Older", "veryHidden", rows),
                ("Cover", "visible", """<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>"""), ("Prices", "visible", rows));
            (await Table(file)).Sheet.ShouldBe("Prices");
            (await Refusal(Workbooks.Of(("Old", "hidden", rows)))).Code.ShouldBe("header-missing");
        }

        [Fact]
        public async Task a_formula_is_refused_with_its_address() =>
            (await Refusal(Workbooks.OfRows(Header + """<row r="4"><c r="A4"><v>1</v></c><c r="B4"><f>A4*2</f><v>2</v></c></row>""")))
                .ShouldSatisfyAllConditions(r => r.Code.ShouldBe("file-formula"), r => r.Reason.ShouldContain("B4"));

        [Fact]
        public async Task an_error_cell_is_a_fault_and_not_an_empty_cell() =>
            (await Table(Workbooks.OfRows(Header + """<row r="4"><c r="A4" t="e"><v>#N/A</v></c></row>"""))).Rows.Single()[0].Fault!.Code
                .ShouldBe("cell-error");

        [Fact]
        public async Task a_sheet_that_inflates_without_end_is_refused_while_it_inflates()
        {
            var bomb = Workbooks.Zip(Workbooks.Parts(("Prices", "visible", Header)), archive =>
            {
                using var part = archive.CreateEntry("xl/media/image.bin", CompressionLevel.Fastest).Open();
                new EndlessStream(300L * 1024 * 1024, 0).CopyTo(part);
            });
            await RefusedWithinMemory(bomb, "file-inflates");
        }

        [Fact]
        public async Task a_text_that_inflates_without_end_is_refused_while_it_inflates()
        {
            var parts = Workbooks.Parts(("Prices", "visible", Header));
            var shared = parts["xl/sharedStrings.xml"];
            parts.Remove("xl/sharedStrings.xml");
            var bomb = Workbooks.Zip(parts, archive =>
            {
                using var part = archive.CreateEntry("xl/sharedStrings.xml", CompressionLevel.Fastest).Open();
                part.Write(Encoding.UTF8.GetBytes(shared[..shared.IndexOf("</t>", StringComparison.Ordinal)]));
                new EndlessStream(200L * 1024 * 1024, (byte)' ').CopyTo(part);
                part.Write("</t></si></sst>"u8);
            });
            await RefusedWithinMemory(bomb, "file-inflates");
        }

        [Fact]
        public async Task a_size_that_the_archive_only_claims_is_not_believed()
        {
            var bomb = Workbooks.Zip(Workbooks.Parts(("Prices", "visible", Header)), archive =>
            {
                using var part = archive.CreateEntry("xl/media/image.bin", CompressionLevel.Fastest).Open();
                new EndlessStream(300L * 1024 * 1024, 0).CopyTo(part);
            });
            // The uncompressed size stands at offset 24 of the last central directory entry: say it is one byte.
            var entry = bomb.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
            BitConverter.GetBytes(1).CopyTo(bomb, entry + 24);
            var before = GC.GetAllocatedBytesForCurrentThread();
            (await Outcome(bomb)).ShouldNotBeNull();
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(32L * 1024 * 1024);
        }

        [Fact]
        public async Task a_workbook_of_countless_parts_is_refused() =>
            (await Refusal(Workbooks.Zip(Workbooks.Parts(("Prices", "visible", Header)), archive =>
            {
                for (var i = 0; i < 1_001; i++) archive.CreateEntry($"x/{i}.bin");
            }))).Code.ShouldBe("file-too-many-parts");

        [Theory]
        [InlineData("xl/worksheets/sheet1.xml")]
        [InlineData("xl/sharedStrings.xml")]
        [InlineData("_rels/.rels")]
        public async Task a_document_type_is_not_let_through(string part)
        {
            var parts = Workbooks.Parts(("Prices", "visible", Header));
            parts[part] = """<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>""" + parts[part];
            (await Refusal(Workbooks.Zip(parts))).Code.ShouldBe("file-malformed");
        }

        [Fact]
        public async Task a_part_nested_beyond_reason_is_refused()
        {
            var deep = string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000));
            (await Refusal(Workbooks.OfRows(Header + deep))).Code.ShouldBe("file-malformed");
        }

        [Fact]
        public async Task a_workbook_that_reads_from_elsewhere_is_refused()
        {
            var parts = Workbooks.Parts(("Prices", "visible", Header));
            parts["xl/worksheets/_rels/sheet1.xml.rels"] =
                """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="x1" """
                + """Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" """
                + """Target="file://server/prices.xlsx" TargetMode="External"/></Relationships>""";
            (await Refusal(Workbooks.Zip(parts))).Code.ShouldBe("file-external-link");
        }

        [Fact]
        public async Task a_workbook_that_was_cut_off_is_refused()
        {
            var file = Workbooks.OfRows(Header);
            for (var length = 4; length < file.Length; length += 97)
                (await Refusal(file[..length])).Code.ShouldBe("file-malformed", $"cut at {length}");
        }

        [Fact]
        public async Task a_workbook_with_any_byte_changed_is_read_or_refused_and_never_breaks_the_reader()
        {
            var file = Workbooks.OfRows(Header + """<row r="4"><c r="A4"><v>1</v></c><c r="B4"><v>2</v></c></row>""");
            var random = new Random(20260306);
            for (var i = 0; i < 400; i++)
            {
                var broken = (byte[])file.Clone();
                for (var n = 0; n < 3; n++) broken[random.Next(4, broken.Length)] = (byte)random.Next(256);
                (await Outcome(broken)).ShouldNotBeNull($"seed 20260306, run {i}");
            }
        }

        private static async Task RefusedWithinMemory(byte[] bomb, string code)
        {
            bomb.Length.ShouldBeLessThan(4 * 1024 * 1024);
            var before = GC.GetAllocatedBytesForCurrentThread();
            (await Refusal(bomb)).Code.ShouldBe(code);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(16L * 1024 * 1024, "it inflates in pieces and keeps none");
        }
    }
}
