using Npgsql;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Kernel;
using SSC.Purchasing.Membership;

namespace SSC.Purchasing.Host.Access;

/// <summary>Documents about people in <c>coop.person</c>; erasing one leaves history as it is.</summary>
internal sealed class PostgresPersonalDetails(NpgsqlDataSource db) : IPersonalDetails
{
    public async Task<PersonalDetails?> Find(string tenant, string personId, CancellationToken ct = default)
    {
        await using var command = db.CreateCommand("select name, email, phone from coop.person where tenant_id = $1 and person_id = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = personId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(reader.GetString(0), reader[1] as string, reader[2] as string)
            : null;
    }

    public Task Save(string tenant, string personId, PersonalDetails details, CancellationToken ct = default) => Execute(
        """
        insert into coop.person (tenant_id, person_id, name, email, phone) values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, person_id) do update
        set name = excluded.name, email = excluded.email, phone = excluded.phone, changed_at = now()
        """,
        ct, tenant, personId, details.Name, details.Email, details.Phone);

    public Task Erase(string tenant, string personId, CancellationToken ct = default) =>
        Execute("delete from coop.person where tenant_id = $1 and person_id = $2", ct, tenant, personId);

    private async Task Execute(string sql, CancellationToken ct, params string?[] values)
    {
        await using var command = db.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <summary>Ids of people's documents, and what may stand in one.</summary>
internal static class People
{
    /// <summary>The person behind a user.</summary>
    public static string User(string userId) => $"user/{userId}";

    /// <summary>The person behind a vendor's contact.</summary>
    public static string Contact(VendorId vendor, string contactId) => $"contact/{vendor}/{contactId}";

    /// <summary>What may stand in a document.</summary>
    /// <exception cref="MalformedRequestException">It may not.</exception>
    public static void Check(PersonalDetails? details)
    {
        if (details is null) return;
        if (string.IsNullOrWhiteSpace(details.Name) || details.Name.Length > 200)
            throw new MalformedRequestException("person.name", "Give a name of 1 to 200 characters.");
        if (details.Email is { } email
            && (email.Length is < 3 or > 254 || email.IndexOf('@', StringComparison.Ordinal) is <= 0 || email.Any(char.IsWhiteSpace)))
            throw new MalformedRequestException("person.email", "Give an e-mail address of at most 254 characters, or leave it out.");
        if (details.Phone is { Length: > 40 or 0 }) throw new MalformedRequestException("person.phone",
            "Give a telephone number of at most 40 characters, or leave it out.");
    }
}
