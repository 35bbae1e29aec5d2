using System.Text.Encodings.Web;

namespace SSC.Purchasing.Host.Api;

/// <summary>A page of our own that anybody may be shown: one style sheet in it, no script, nothing fetched, kept out of search.</summary>
internal static class PublicPage
{
    /// <summary>The page; <paramref name="body"/> is markup, in which whatever came from outside went through <see cref="Safe"/>.</summary>
    public static string Of(string title, string style, string body) => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>{title}</title><meta name="robots" content="noindex">
        <meta name="viewport" content="width=device-width"><style>{style}</style></head><body><main>
        {body}
        </main></body></html>
        """;

    /// <summary>Text from outside, as it can stand in markup.</summary>
    public static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
