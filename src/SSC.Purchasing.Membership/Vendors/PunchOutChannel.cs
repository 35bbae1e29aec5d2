namespace SSC.Purchasing.Membership;

/// <summary>How a party calls itself in cXML credentials.</summary>
/// <param name="Domain">What the identity is an identity of, e.g. <c>DUNS</c>, <c>NetworkID</c>; 1 to 50 characters.</param>
/// <param name="Identity">The identity, 1 to 100 characters.</param>
public sealed record TradingIdentity(string Domain, string Identity);

/// <summary>A vendor's shop that members are let into by cXML punch-out.</summary>
/// <param name="Url">Where setup requests are posted: absolute https without user name or fragment.</param>
/// <param name="Buyer">Who the vendor knows the cooperative as.</param>
/// <param name="Supplier">Who the vendor says it is; a basket from anybody else is not taken.</param>
/// <param name="SecretId">Id of the shared secret; the secret itself is sealed beside the log.</param>
public sealed record PunchOutChannel(string Url, TradingIdentity Buyer, TradingIdentity Supplier, string SecretId);
