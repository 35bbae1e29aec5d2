using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Api.Resources;

/// <summary>A vendor as it is at a moment.</summary>
/// <param name="File">What is known of it.</param>
/// <param name="Suspended">Why it gets no new orders; absent when it does.</param>
public sealed record VendorView(VendorFile File, string? Suspended);

/// <summary>Why something is done.</summary>
/// <param name="Reason">One sentence.</param>
public sealed record Because(string Reason);

/// <summary>A person a vendor can be reached through.</summary>
/// <param name="Role">What the contact is for.</param>
/// <param name="Person">Who it is; kept beside the log and erasable.</param>
public sealed record ContactEntry(ContactRole Role, PersonalDetails? Person = null);

/// <summary>A contact with its details.</summary>
/// <param name="ContactId">Opaque id.</param>
/// <param name="Role">What the contact is for.</param>
/// <param name="Person">Who it is; absent when never given or erased.</param>
public sealed record ContactView(string ContactId, ContactRole Role, PersonalDetails? Person);

/// <summary>A vendor's contacts.</summary>
/// <param name="Contacts">In order of their ids.</param>
public sealed record ContactsView(StructuralList<ContactView> Contacts);

/// <summary>Vendors and their contacts.</summary>
internal static class VendorsApi
{
    private const string Route = "/vendors/{vendorId}";
    private static readonly PersonalDetails Person = new("A. Example", "orders@vendor.example", "+1 507 555 0100");

    public static void Map(ApiRoutes routes)
    {
        var api = routes.Under("Vendors");
        api.List<VendorRow>("/vendors", "List vendors", List).Says("A vendor sees itself; everybody else sees all.");
        api.Get<VendorView>(Route, "One vendor, now or as of a moment", Find).AsOf()
            .OnlyWhen(r => r.Principal.Vendor is not { } self || self == r.Id<VendorId>("vendorId"));
        api.Post<Vendor.Command.Register>("/vendors", "Register a vendor", (r, body) =>
            Send(r, body.Vendor, body).Created($"/vendors/{body.Vendor}"))
            .For(Roles.Coordinator, Roles.Operator).Creates().Refuses("vendor-exists", "net-days-out-of-range")
            .Example(() => new Vendor.Command.Register(new("V-whitewater"), "Whitewater Paper Supply", new(30, 200, 10)));
        api.Put<OrderChannel>(Route + "/order-channel", "Choose how a vendor gets its orders",
                (r, body) => r.Services.Work.PurchaseOrders.Formats.Knows(body.Format)
                    ? Send(r, new Vendor.Command.SetOrderChannel(body))
                    : Task.FromResult(Answer.Problem(Problem.Refused(new("format-unknown", "Nothing here writes this format.")))))
            .For(Roles.Vendor, Roles.Coordinator).OfVendor()
            .Refuses("url-not-https", "url-not-wanted", "contact-unknown", "contact-not-wanted", "format-malformed", "format-unknown",
                "channel-secret-missing")
            .Example(() => new OrderChannel(OrderChannelKind.ApiPickup));
        api.Post<Because>(Route + "/suspension", "Send a vendor no new orders", (r, body) =>
            Send(r, new Vendor.Command.Suspend(body.Reason)))
            .For(Roles.Coordinator).Refuses("vendor-unknown").Example(() => new Because("Insurance certificate has lapsed."));
        api.Delete(Route + "/suspension", "Send a vendor orders again", r => Send(r, new Vendor.Command.Reinstate()))
            .For(Roles.Coordinator).Refuses("vendor-unknown");
        api.Get<ContactsView>(Route + "/contacts", "A vendor's contacts with their details", Contacts)
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).OfVendor();
        api.Put<ContactEntry>(Route + "/contacts/{contactId}", "Add a contact or change it", SetContact)
            .For(Roles.Vendor, Roles.Coordinator).OfVendor().Refuses("too-many-contacts", "vendor-unknown")
            .Example(() => new ContactEntry(ContactRole.Orders, Person));
        api.Delete(Route + "/contacts/{contactId}", "Remove a contact and erase its details", RemoveContact)
            .For(Roles.Vendor, Roles.Coordinator, Roles.Operator).OfVendor().Refuses("vendor-unknown");
    }

    private static Task<IResult> Send(ApiRequest r, VendorId vendor, Vendor.Command command) =>
        r.Handle<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(vendor.Value, command);

    private static Task<IResult> Send(ApiRequest r, Vendor.Command command) => Send(r, r.Id<VendorId>("vendorId"), command);

    private static Task<IResult> List(ApiRequest r) => r.Principal.Vendor is { } self
        ? r.Only(Modules.Vendors, self.Value, row => row)
        : r.List(Modules.Vendors, [], row => row.Row);

    private static Task<Loaded<Vendor.State>> Load(ApiRequest r) =>
        r.Load<Vendor, Vendor.Command, Vendor.State, Vendor.Event>(r.Text("vendorId"));

    private static async Task<IResult> Find(ApiRequest r)
    {
        var loaded = await Load(r);
        return Answer.Versioned(
            loaded.State.File is { } file ? new VendorView(file, (loaded.State as Vendor.State.Suspended)?.Reason) : null, loaded.Version);
    }

    private static async Task<IResult> Contacts(ApiRequest r)
    {
        var loaded = await Load(r);
        if (loaded.State.File is not { } file) return Answer.NotFound;
        List<ContactView> contacts = [];
        foreach (var (id, role) in file.Contacts)
            contacts.Add(new(id, role, await r.Services.People.Find(r.Services.Tenant, People.Contact(file.Vendor, id), r.Cancelled)));
        return Answer.Versioned(new ContactsView([.. contacts]), loaded.Version);
    }

    private static async Task<IResult> SetContact(ApiRequest r, ContactEntry body)
    {
        var (vendor, contact) = (r.Id<VendorId>("vendorId"), r.Text("contactId"));
        People.Check(body.Person);
        var answer = await Send(r, new Vendor.Command.AddContact(contact, body.Role));
        if (answer.IsDone() && body.Person is { } person)
            await r.Services.People.Save(r.Services.Tenant, People.Contact(vendor, contact), person, r.Cancelled);
        return answer;
    }

    private static async Task<IResult> RemoveContact(ApiRequest r)
    {
        var (vendor, contact) = (r.Id<VendorId>("vendorId"), r.Text("contactId"));
        var answer = await Send(r, new Vendor.Command.RemoveContact(contact));
        if (answer.IsDone()) await r.Services.People.Erase(r.Services.Tenant, People.Contact(vendor, contact), r.Cancelled);
        return answer;
    }
}
