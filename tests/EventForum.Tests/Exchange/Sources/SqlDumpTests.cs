using EventForum.Exchange.Sources;

namespace EventForum.Tests.Exchange.Sources;

public sealed class SqlDumpTests
{
    [Fact]
    public void rows_of_copy_blocks_are_read_with_their_escapes() =>
        Rows(
                """
                -- PostgreSQL database dump
                COPY public.other (id) FROM stdin;
                7
                \.
                COPY public.posts (id, raw) FROM stdin;
                1	Two\nlines, a\ttab and a \\backslash
                2	\N
                \.
                COPY public.posts (id, raw) FROM stdin;
                \.
                """
            )
            .ShouldBe(["posts(id,raw): 1|Two\nlines, a\ttab and a \\backslash", "posts(id,raw): 2|NULL"]);

    [Fact]
    public void rows_of_insert_statements_are_read_with_the_columns_of_the_table() =>
        Rows(
                """
                CREATE TABLE `posts` (
                  `id` int(10) NOT NULL,
                  `raw` mediumtext COLLATE utf8_bin,
                  PRIMARY KEY (`id`),
                  KEY `raw` (`raw`)
                ) ENGINE=InnoDB;
                INSERT INTO `posts` VALUES (1,'It\'s; (a) ''test'', isn''t it?\n'),(2,NULL),(-3,_binary 'x'),(4,0x63C3A9);
                INSERT INTO `other` VALUES (5,'five');
                INSERT INTO `posts` (`raw`, `id`) VALUES
                ('a

                b', 6),
                ('c', 7);
                """
            )
            .ShouldBe([
                "posts(id,raw): 1|It's; (a) 'test', isn't it?\n",
                "posts(id,raw): 2|NULL",
                "posts(id,raw): -3|x",
                "posts(id,raw): 4|c\u00e9",
                "posts(raw,id): a\n\nb|6",
                "posts(raw,id): c|7",
            ]);

    [Fact]
    public void a_backslash_of_postgresql_stands_for_itself() =>
        Rows(
                """
                -- PostgreSQL database dump
                CREATE TABLE public.posts (
                    id integer NOT NULL,
                    raw text
                );
                INSERT INTO public.posts VALUES (1, 'a\n');
                INSERT INTO public.posts VALUES (2, E'a\n');
                """
            )
            .ShouldBe(["posts(id,raw): 1|a\\n", "posts(id,raw): 2|a\n"]);

    [Theory]
    [InlineData("COPY public.posts (id, raw) FROM stdin;\n1\ta")]
    [InlineData("INSERT INTO `posts` (`id`) VALUES (1,'a")]
    public void a_dump_that_ends_within_a_table_is_refused(string dump) =>
        Should.Throw<FormatException>(() => Rows(dump)).Message.ShouldContain("it is not complete");

    [Fact]
    public void a_row_with_other_columns_than_its_table_is_refused() =>
        Should
            .Throw<FormatException>(() => Rows("INSERT INTO `posts` (`id`) VALUES (1,2);"))
            .Message.ShouldBe("Line 1 of dump.sql has 2 values for the 1 columns of posts.");

    [Fact]
    public void a_line_in_latin_1_is_refused_with_its_number_where_it_is_read() =>
        Should
            .Throw<FormatException>(() =>
                Rows([
                    (1, "INSERT INTO `other` VALUES ('\u00e9');", "LATIN1"),
                    (2, "INSERT INTO `posts` (`id`) VALUES ('\u00e9');", "LATIN1"),
                ])
            )
            .Message.ShouldStartWith("Line 2 of dump.sql is not UTF-8.");

    [Fact]
    public void other_columns_are_null()
    {
        using var dump = new SqlDump([(1, "INSERT INTO `posts` (`id`) VALUES (1);", null)], "dump.sql");

        dump.Tables(_ => true).Single().In(["raw", "id"]).Single().ShouldBe([null, "1"]);
    }

    private static List<string> Rows(string dump) =>
        Rows([.. dump.Split('\n').Select((text, i) => (i + 1, text, (string?)null))]);

    private static List<string> Rows(List<(int, string, string?)> lines)
    {
        using var dump = new SqlDump(lines, "dump.sql");
        return
        [
            .. dump.Tables(table => table == "posts")
                .SelectMany(rows =>
                    rows.Rows.Select(row =>
                        $"{rows.Table}({string.Join(',', rows.Columns)}): {string.Join('|', row.Select(value => value ?? "NULL"))}"
                    )
                ),
        ];
    }
}
