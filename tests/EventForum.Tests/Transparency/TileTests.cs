using EventForum.Transparency;

namespace EventForum.Tests.Transparency;

public sealed class TileTests
{
    [Theory]
    [InlineData("000", 0, 256)]
    [InlineData("067", 67, 256)]
    [InlineData("x001/234", 1_234, 256)]
    [InlineData("x001/x234/067", 1_234_067, 256)]
    [InlineData("000.p/1", 0, 1)]
    [InlineData("x001/x234/067.p/255", 1_234_067, 255)]
    public void an_address_names_a_tile(string path, long index, int width) =>
        Tile.Parse(3, path).ShouldBe(new Tile(3, index, width));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0000")]
    [InlineData("1/234")]
    [InlineData("x000/067")]
    [InlineData("x001/x234")]
    [InlineData("001/234")]
    [InlineData("000.p/0")]
    [InlineData("000.p/256")]
    [InlineData("000.p/01")]
    [InlineData("000.p/")]
    [InlineData("000.p")]
    [InlineData("000\n")]
    [InlineData("x999/x999/x999/x999/x999/x999/999")]
    [InlineData("٠٠٠")]
    public void another_address_names_none(string path) => Tile.Parse(0, path).ShouldBeNull();
}
