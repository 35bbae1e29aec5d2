using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SSC.Purchasing.Host.Access;
using SSC.Purchasing.Host.Api;
using SSC.Purchasing.Host.Api.Resources;
using SSC.Purchasing.Host.Deliveries;

namespace SSC.Purchasing.Host;

/// <summary>HTTP in front of a node.</summary>
public static class ServiceHost
{
    /// <summary>Where the service listens unless <c>--urls</c> or <c>ASPNETCORE_URLS</c> says otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Largest body of an ordinary request, bytes.</summary>
    public const long LargestBody = 1024 * 1024;

    /// <summary>A builder with configuration and logging, before anything of ours is in it.</summary>
    /// <param name="args">Configuration in the framework's own form, e.g. <c>--Purchasing:Tenant=x</c>.</param>
    public static WebApplicationBuilder NewBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        if (builder.Configuration["Logging:Format"] is "text"
            || (builder.Configuration["Logging:Format"] is not "json" && !Console.IsOutputRedirected))
            builder.Logging.AddSimpleConsole(o => o.SingleLine = true);
        else
            builder.Logging.AddJsonConsole(o => o.UseUtcTimestamp = true);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        if (Settings.From(builder.Configuration).TelemetryEndpoint is null)
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // else every request pays for an activity
        return builder;
    }

    /// <summary>The service: everything registered, every endpoint mapped, ready to run.</summary>
    /// <param name="builder">From <see cref="NewBuilder"/>.</param>
    /// <param name="node">The store and what runs on it; the caller disposes of it after the service.</param>
    public static WebApplication Build(WebApplicationBuilder builder, Node node)
    {
        Register(builder, node);
        var app = builder.Build();
        Map(app, node);
        return app;
    }

    /// <summary>The first half of <see cref="Build"/>, for a host that is built by somebody else: everything that it serves with.</summary>
    public static void Register(WebApplicationBuilder builder, Node node)
    {
        var settings = node.Settings;
        if (builder.Configuration["urls"] is null) builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(15));
        builder.Services.AddSingleton(settings).AddSingleton(node).AddSingleton(node.Commands).AddSingleton(node.Store)
            .AddSingleton(node.Models);
        builder.Services.AddSingleton(node.Clock).AddSingleton(_ => node.Api);
        builder.Services.AddSingleton<ApiKeyring>().AddSingleton<BearerUsers>().AddSingleton<Doorkeeper>();
        builder.Services.AddSingleton(_ => new ChromiumPdf(settings.Chromium));
        builder.Services.AddApiDocument();
        builder.Services.AddTelemetry(settings);
        AddTokens(builder.Services, settings);
    }

    /// <summary>The second half of <see cref="Build"/>: every endpoint.</summary>
    public static void Map(WebApplication app, Node node)
    {
        app.UseMiddleware<ProblemBoundary>();
        app.Use(Headers);
        app.UseRouting();
        app.MapHealth(node);
        app.MapCertificateVerification(node);
        app.MapPunchOutReturn(node, app.Services.GetRequiredService<Doorkeeper>());
        app.MapOpenApi("/openapi/{documentName}.json");
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.SwaggerEndpoint("/openapi/v1.json", "SSC.Purchasing v1");
            ui.DocumentTitle = "SSC.Purchasing API";
        });
        Modules.MapApi(new ApiRoutes(app.MapGroup("/api/v1"), node.Api, app.Services.GetRequiredService<Doorkeeper>()),
            app.Services.GetRequiredService<ApiKeyring>(), app.Services.GetRequiredService<ChromiumPdf>(), new(node),
            node.Settings.OrderWriters);
    }

    private static Task Headers(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers[Correlation.Header] = Correlation.Of(http);
        return next(http);
    }

    private static void AddTokens(IServiceCollection services, Settings settings)
    {
        if (settings.Authority is not { } authority) return;
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(o =>
        {
            o.Authority = authority;
            o.Audience = settings.Audience;
            o.MapInboundClaims = false;
            o.RequireHttpsMetadata = !new Uri(authority).IsLoopback;
            o.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        });
    }
}
