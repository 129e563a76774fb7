using System.Xml.Linq;
using TrimDocs;

// Takes the members that no user can see out of the XML documentation of a package, which the compiler writes for all members.
if (args is not [var assembly, var documentation])
{
    Console.Error.WriteLine("Expected the paths of an assembly and of its XML documentation.");
    return 2;
}

var visible = VisibleMembers.Of(assembly);
var document = XDocument.Load(documentation, LoadOptions.PreserveWhitespace);
foreach (var member in document.Descendants("member").Where(member => !visible.Contains(VisibleMembers.WithoutParameters((string)member.Attribute("name")!))).ToList())
{
    // The line end before the member goes with it.
    (member.PreviousNode as XText)?.Remove();
    member.Remove();
}

document.Save(documentation, SaveOptions.DisableFormatting);
return 0;
