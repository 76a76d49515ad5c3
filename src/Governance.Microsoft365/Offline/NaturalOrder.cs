namespace Governance.Microsoft365.Offline;

/// <summary>Orders file names as people number them: digits by value, everything else by ordinal order.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static readonly NaturalOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var one = x.AsSpan();
        var other = y.AsSpan();
        while (!one.IsEmpty && !other.IsEmpty)
        {
            var (oneDigits, otherDigits) = (Digits(one), Digits(other));
            int order;
            if (oneDigits > 0 && otherDigits > 0)
            {
                var left = one[..oneDigits].TrimStart('0');
                var right = other[..otherDigits].TrimStart('0');
                order = left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
                one = one[oneDigits..];
                other = other[otherDigits..];
            }
            else
            {
                order = one[0].CompareTo(other[0]);
                one = one[1..];
                other = other[1..];
            }

            if (order != 0)
            {
                return order;
            }
        }

        return one.Length != other.Length ? one.Length.CompareTo(other.Length) : string.CompareOrdinal(x, y);
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExceptInRange('0', '9');
        return length < 0 ? text.Length : length;
    }
}
