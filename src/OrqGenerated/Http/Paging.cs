using System.Runtime.CompilerServices;

namespace OrqGenerated.Internal;

/// <summary>Reads a list page by page: each page starts after the last item of the page before.</summary>
internal static class Paging
{
    public static async IAsyncEnumerable<TItem> ReadAllAsync<TPage, TItem>(
        Func<string?, CancellationToken, Task<TPage>> readPage,
        Func<TPage, IReadOnlyList<TItem>> itemsOf,
        Func<TItem, string> idOf,
        Func<TPage, bool> hasMore,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? after = null;
        while (true)
        {
            var page = await readPage(after, cancellationToken).ConfigureAwait(false);
            var items = itemsOf(page);
            foreach (var item in items)
                yield return item;

            if (!hasMore(page))
                yield break;

            var last = items.Count == 0 ? after : idOf(items[^1]);
            if (last == after)
            {
                throw new OrqResponseException(
                    "The server says that there are more pages, but this page ends where the previous one did.",
                    statusCode: 200
                );
            }

            after = last;
        }
    }
}
