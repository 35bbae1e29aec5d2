using SSC.Purchasing.Exchange.Tabular;

namespace SSC.Purchasing.Exchange.Csv;

/// <summary>Columns of vendors' documents.</summary>
internal enum DocumentColumn
{
    Response,
    Despatch,
    Invoice,
    Order,
    Revision,
    Code,
    Answer,
    Line,
    Item,
    Substitute,
    Description,
    Quantity,
    Unit,
    Price,
    Amount,
    DeliverOn,
    Note,
    Site,
    DespatchedOn,
    ExpectedOn,
    Carrier,
    Tracking,
    BackOrdered,
    Lot,
    IssuedOn,
    DueOn,
    Kind,
    BillTo,
    Credits,
    LineId,
    Charge,
    Total,
}

/// <summary>What headers mean in the tables that vendors send back; those of our own order table are among them.</summary>
internal static class DocumentColumns
{
    /// <summary>The columns under their names; of several in a header, the first listed wins.</summary>
    public static readonly ColumnAliases<DocumentColumn> Aliases = new(
        (DocumentColumn.Response,
            ["Response Number", "Response #", "Response", "Acknowledgment Number", "Acknowledgment #", "Acknowledgement Number",
            "Confirmation Number", "Confirmation #", "Sales Order #", "Sales Order Number"]),
        (DocumentColumn.Despatch,
            ["Shipment Number", "Shipment #", "Shipment", "Despatch Number", "Despatch #", "Dispatch Number", "Delivery Note", "ASN #",
            "ASN Number", "ASN", "Packing Slip #", "Packing Slip Number"]),
        (DocumentColumn.Invoice, ["Invoice Number", "Invoice #", "Invoice No", "Credit Memo Number", "Credit Memo #", "Invoice"]),
        (DocumentColumn.Order, ["Order Number", "PO Number", "PO #", "PO", "Purchase Order", "Purchase Order Number", "Order #"]),
        (DocumentColumn.Revision, ["Revision", "Order Revision"]),
        (DocumentColumn.Code, ["Response Code", "Order Answer", "Order Status"]),
        (DocumentColumn.Answer, ["Answer", "Line Answer", "Line Status", "Accept/Reject", "Status"]),
        (DocumentColumn.Line, ["Line", "Line #", "Line Number", "PO Line", "PO Line #", "Order Line"]),
        (DocumentColumn.Item, ["Item", "Item #", "Item Number", "SKU", "Item Code"]),
        (DocumentColumn.Substitute, ["Substitute", "Substitute Item", "Substitute Item #"]),
        (DocumentColumn.Description, ["Description", "Item Description"]),
        (DocumentColumn.Quantity,
            ["Quantity", "Qty", "Quantity Shipped", "Qty Shipped", "Quantity Billed", "Qty Billed", "Quantity Confirmed", "Qty Confirmed",
            "Shipped", "Confirmed"]),
        (DocumentColumn.Unit, ["Unit", "UOM", "U/M", "Unit of Measure"]),
        (DocumentColumn.Price, ["Unit Price", "Price", "Price Each"]),
        (DocumentColumn.Amount, ["Amount", "Line Amount", "Extended Price", "Extended", "Ext Price", "Extension"]),
        (DocumentColumn.DeliverOn, ["Delivery Date", "Deliver On", "Promised Date", "Promise Date", "Confirmed Date"]),
        (DocumentColumn.Note, ["Note", "Notes", "Comment", "Comments", "Remarks"]),
        (DocumentColumn.Site, ["Site", "Site ID", "Ship To", "Ship-to ID", "Ship To ID"]),
        (DocumentColumn.DespatchedOn, ["Ship Date", "Shipped On", "Date Shipped", "Despatch Date", "Dispatch Date"]),
        (DocumentColumn.ExpectedOn, ["Expected On", "Expected", "ETA", "Estimated Delivery", "Expected Delivery"]),
        (DocumentColumn.Carrier, ["Carrier", "Ship Via"]),
        (DocumentColumn.Tracking, ["Tracking Number", "Tracking #", "Tracking", "PRO Number", "PRO #"]),
        (DocumentColumn.BackOrdered, ["Back Ordered", "Backordered", "Quantity Back Ordered", "Qty Backordered", "Back Order"]),
        (DocumentColumn.Lot, ["Lot", "Lot Number", "Lot #", "Serial Number", "Serial #"]),
        (DocumentColumn.IssuedOn, ["Invoice Date", "Date", "Issued On"]),
        (DocumentColumn.DueOn, ["Due Date", "Due On", "Due"]),
        (DocumentColumn.Kind, ["Kind", "Document Type", "Type"]),
        (DocumentColumn.BillTo, ["Bill To", "Member", "Bill To Member"]),
        (DocumentColumn.Credits, ["Credits Invoice", "Original Invoice", "Original Invoice #", "Invoice Credited"]),
        (DocumentColumn.LineId, ["Invoice Line", "Invoice Line #"]),
        (DocumentColumn.Charge, ["Charge", "Charge Type"]),
        (DocumentColumn.Total, ["Invoice Total", "Total"]));

    /// <summary>The column that says what a table is: the number of a response, a despatch or an invoice; null for none of them.</summary>
    public static DocumentColumn? KindOf(ColumnMap<DocumentColumn> columns) =>
        !columns.Has(DocumentColumn.Order) ? null
        : columns.Has(DocumentColumn.Invoice) && columns.Has(DocumentColumn.Amount) ? DocumentColumn.Invoice
        : columns.Has(DocumentColumn.Despatch) && columns.Has(DocumentColumn.Quantity) ? DocumentColumn.Despatch
        : columns.Has(DocumentColumn.Response) && (columns.Has(DocumentColumn.Answer) || columns.Has(DocumentColumn.Code))
            ? DocumentColumn.Response
            : null;
}
