using System.Text;
using System.Text.Unicode;

namespace EventForum.Exchange.Sources;

/// <summary>The rows of an INSERT statement: <c>(1,'a',NULL),(2,'b',0x63);</c> It may go over several lines.</summary>
/// <param name="line">Where the rows begin.</param>
/// <param name="at">Where in the line.</param>
/// <param name="next">Gives the line after.</param>
/// <param name="hasBackslashes">Whether a backslash in a text escapes, as it does in MySQL.</param>
internal sealed class SqlValues(string line, int at, Func<string> next, bool hasBackslashes)
{
    private readonly StringBuilder text = new();
    private readonly List<string?> row = [];
    private string line = line;
    private int at = at;

    /// <summary>Null at the statement's end.</summary>
    public string?[]? Row()
    {
        while (true)
        {
            switch (Read())
            {
                case '(':
                    row.Clear();
                    return Values();
                case ';':
                    return null;
            }
        }
    }

    private string?[] Values()
    {
        var isQuoted = false;
        text.Clear();
        while (true)
        {
            var c = Read();
            switch (c)
            {
                case '\'':
                    // What stands before a text says how it is written: _binary 'a', E'a'.
                    var escapes = hasBackslashes || text.ToString().Trim() is "E" or "e";
                    text.Clear();
                    Text(escapes);
                    isQuoted = true;
                    break;
                case ',' or ')':
                    row.Add(isQuoted ? text.ToString() : Bare(text.ToString().Trim()));
                    if (c == ')')
                    {
                        return [.. row];
                    }

                    text.Clear();
                    isQuoted = false;
                    break;
                case var _ when !isQuoted:
                    text.Append(c);
                    break;
            }
        }
    }

    private void Text(bool escapes)
    {
        while (true)
        {
            var c = Read();
            if (c == '\\' && escapes)
            {
                c = Read();
                text.Append(
                    c switch
                    {
                        '0' => '\0',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'b' => '\b',
                        'Z' => '\u001A',
                        _ => c,
                    }
                );
            }
            else if (c != '\'')
            {
                text.Append(c);
            }
            else if (at < line.Length && line[at] == '\'')
            {
                at++;
                text.Append('\'');
            }
            else
            {
                return;
            }
        }
    }

    private static string? Bare(string value) =>
        value.Equals("NULL", StringComparison.OrdinalIgnoreCase) ? null
        : value.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && Convert.FromHexString(value[2..]) is var bytes
        && Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
        : value;

    private char Read()
    {
        if (at < line.Length)
        {
            return line[at++];
        }

        (line, at) = (next(), 0);
        return '\n';
    }
}
