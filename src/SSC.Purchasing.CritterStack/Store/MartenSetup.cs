using System.Text.Json;
using JasperFx;
using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Services;
using Marten.Storage;
using SSC.Purchasing.Kernel;
using Weasel.Core;
using static Marten.Services.Json.Transformations.SystemTextJson.JsonTransformations;

namespace SSC.Purchasing.CritterStack;

/// <summary>
/// Marten on the service's own tables: string streams, conjoined tenancy, our aliases, our JSON. Nothing that rewrites history is
/// configured, and nothing in the database changes while the service runs; <see cref="CritterStackRuntime.Migrate"/> adds what Marten
/// needs.
/// </summary>
public static class MartenSetup
{
    /// <summary>Applies the service's conventions to a Marten store.</summary>
    /// <param name="options">Marten's options.</param>
    /// <param name="catalogue">Every event the service knows, by its stored name.</param>
    public static void UsePurchasingEvents(this StoreOptions options, EventCatalogue catalogue)
    {
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.DatabaseSchemaName = "public";
        options.UseSystemTextJsonForSerialization(EventCatalogue.Json, EnumStorage.AsString, Casing.CamelCase); // Pascal case else
        options.DisableNpgsqlLogging = true;

        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.TenancyStyle = TenancyStyle.Conjoined;
        options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps; // the function takes the times that we give it
        options.Events.EnableBigIntEvents = true;
        options.Events.MetadataConfig.EnableAll();
        options.Events.MetadataConfig.UserNameEnabled = false;
        foreach (var (alias, type) in catalogue.Entries) options.Events.MapEventType(type, alias);
        foreach (var upcaster in catalogue.Upcasters)
        {
            // Marten resolves one old name to one type; the catalogue goes through the versions in between.
            var type = catalogue.TypeAfterUpcasting(upcaster.From);
            options.Events.Upcast(
                type, upcaster.From,
                Upcast(document => catalogue.Deserialize(upcaster.From, JsonSerializer.SerializeToUtf8Bytes(document))));
        }
    }
}
