using System.Xml.Linq;
using SSC.Purchasing.Exchange.Documents;
using static SSC.Purchasing.Exchange.Ubl.UblNames;

namespace SSC.Purchasing.Exchange.Ubl;

/// <summary>Parties and places as Peppol documents write them.</summary>
internal static class UblParties
{
    /// <summary>
    /// Electronic address scheme of a party that has no address in a public scheme: a participant of a network by the operator's own
    /// identifier (ISO 6523 designator 0203).
    /// </summary>
    public const string OwnScheme = "0203";

    // Longest value that common validators take in an address element; what is longer continues in the next one.
    private const int AddressLines = 3;

    /// <summary>The address a party is reached under, by scheme; its own id under <see cref="OwnScheme"/> when it has none.</summary>
    public static XElement? Endpoint(TradingParty party)
    {
        var known = party.Endpoints.Where(e => Rules.CodeLists.Has("EAS", e.Key) && !string.IsNullOrWhiteSpace(e.Value))
            .OrderBy(e => e.Key, StringComparer.Ordinal).FirstOrDefault();
        return known.Key is null
            ? B("EndpointID", party.Id, new XAttribute("schemeID", OwnScheme))
            : B("EndpointID", known.Value, new XAttribute("schemeID", known.Key));
    }

    /// <summary>A party that trades: address, id, name, place, legal name.</summary>
    public static XElement? Trader(TradingParty party) => A(
        "Party", Endpoint(party), Identification(party.Id), A("PartyName", B("Name", party.Name)), Address("PostalAddress", party),
        A("PartyLegalEntity", B("RegistrationName", party.Name)));

    /// <summary>As <see cref="Trader"/>, without name and place, as an order response has it.</summary>
    public static XElement? Respondent(TradingParty party) =>
        A("Party", Endpoint(party), Identification(party.Id), A("PartyLegalEntity", B("RegistrationName", party.Name)));

    /// <summary>As <see cref="Trader"/>, without party name, as a despatch advice has it.</summary>
    public static XElement? Carrier(TradingParty party) => A(
        "Party", Endpoint(party), Identification(party.Id), Address("PostalAddress", party),
        A("PartyLegalEntity", B("RegistrationName", party.Name)));

    /// <summary>The service's own id of a party, without scheme.</summary>
    public static XElement? Identification(string id) => A("PartyIdentification", B("ID", id));

    /// <summary>An address of at most three lines above the city.</summary>
    public static XElement? Address(string name, TradingParty party)
    {
        var lines = party.Lines.Where(l => !string.IsNullOrWhiteSpace(l)).ToList();
        var third = lines.Count >= AddressLines ? string.Join(", ", lines.Skip(AddressLines - 1)) : null;
        return A(
            name, B("StreetName", lines.ElementAtOrDefault(0)), B("AdditionalStreetName", lines.ElementAtOrDefault(1)),
            B("CityName", party.City), B("PostalZone", party.Zip), B("CountrySubentity", party.State), A("AddressLine", B("Line", third)),
            A("Country", B("IdentificationCode", Country)));
    }
}
