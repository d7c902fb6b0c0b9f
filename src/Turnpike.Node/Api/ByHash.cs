using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Turnpike.Node.Api;

/// <summary>What is asked for by its hash never changes: any cache may keep it for ever, and who has it already is told so without a look at the disk.</summary>
internal static class ByHash
{
    /// <summary>An endpoint filter for routes that end in {hash}.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (context.GetRouteValue("hash") is not string hash) return await next(invocation);
        var tag = Tag(hash);
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))) return Results.StatusCode(StatusCodes.Status304NotModified);
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode != StatusCodes.Status200OK) return Task.CompletedTask;
            context.Response.Headers.ETag = tag.ToString();
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Task.CompletedTask;
        });
        return await next(invocation);
    }

    /// <summary>The entity tag of a hash.</summary>
    public static EntityTagHeaderValue Tag(string hash) => new($"\"{hash.Replace("\"", "", StringComparison.Ordinal)}\"");
}
