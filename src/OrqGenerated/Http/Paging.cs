using System.Runtime.CompilerServices;

namespace OrqGenerated.Internal;

/// <summary>Reads a list whose next page begins after the last item of the page before.</summary>
internal static class Paging
{
    /// <param name="readPage">Reads the page after the item of this id; null for the first page.</param>
    /// <param name="itemsOf">The items of a page.</param>
    /// <param name="idOf">The id of an item.</param>
    /// <param name="hasMore">Whether there is another page.</param>
    /// <param name="cancellationToken">Ends the call under way.</param>
    /// <exception cref="OrqResponseException">There is another page, but this one does not lead to it.</exception>
    public static async IAsyncEnumerable<TItem> ReadAllAsync<TPage, TItem>(
        Func<string?, CancellationToken, Task<TPage>> readPage,
        Func<TPage, IReadOnlyList<TItem>> itemsOf,
        Func<TItem, string> idOf,
        Func<TPage, bool> hasMore,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (string? after = null, last; ; after = last)
        {
            var page = await readPage(after, cancellationToken).ConfigureAwait(false);
            var items = itemsOf(page);
            foreach (var item in items)
            {
                yield return item;
            }

            if (!hasMore(page))
            {
                yield break;
            }

            last = items.Count == 0 ? after : idOf(items[^1]);
            if (last == after)
            {
                throw new OrqResponseException(
                    "The server says that the list goes on, but ends the page where it began, so it would never end.",
                    statusCode: 200
                );
            }
        }
    }
}
