namespace Streamline.Tests.Protocols.Hostile;

/// <summary>Changes a recorded body: drops, doubles, swaps and cuts frames, and changes the JSON inside of them.</summary>
internal sealed class BodyMutator(Random random)
{
    private const int MostChanges = 3;

    private readonly JsonMutator _json = new(random);

    public HostileBody Mutate(HostileBody body)
    {
        var frames = body.Frames.ToList();
        for (var changes = random.Next(MostChanges) + 1; changes > 0 && frames.Count > 0; changes--)
        {
            Change(frames);
        }

        return body with { Frames = frames };
    }

    private void Change(List<HostileFrame> frames)
    {
        var index = random.Next(frames.Count);
        var other = random.Next(frames.Count);
        switch (random.Next(10))
        {
            case 0:
                frames.RemoveAt(index);
                break;
            case 1:
                frames.Insert(index, frames[other]);
                break;
            case 2:
                (frames[index], frames[other]) = (frames[other], frames[index]);
                break;
            case 3:
                frames[index] = frames[index] with { Name = frames[other].Name };
                break;
            default:
                frames[index] = frames[index] with { Data = _json.Mutate(frames[index].Data) };
                break;
        }
    }
}
