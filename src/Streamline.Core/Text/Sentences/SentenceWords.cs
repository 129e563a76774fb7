using System.Buffers;
using System.Collections.Frozen;

namespace Streamline.Text;

/// <summary>What a word before a period says about it.</summary>
internal enum PeriodKind
{
    /// <summary>The period ends a sentence.</summary>
    Full,

    /// <summary>It is part of an abbreviation that something follows.</summary>
    Abbreviation,

    /// <summary>It is part of an abbreviation when a number follows, as in <c>No. 5</c>.</summary>
    BeforeNumber,

    /// <summary>It may be either: the next word decides.</summary>
    Ambiguous,
}

/// <summary>Abbreviations, and the words with which sentences begin after an ambiguous one.</summary>
internal static class SentenceWords
{
    /// <summary>The longest word that begins a sentence, in UTF-16 code units.</summary>
    public const int MaxStarterChars = 12;

    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> Roman = SearchValues.Create("IVXLCDM");

    private static readonly FrozenSet<string> Abbreviations = SetOf(
        // English
        """
        Dr Mr Mrs Ms Mx Messrs Prof St Sr Gen Sen Rep Gov Capt Cpt Lt Col Sgt Maj Cmdr Adm Rev Hon Mt Ft Pres Supt Det Insp Atty Amb Ald
        vs v cf approx ca e.g i.e eg ie viz al resp incl excl esp est ed eds trans repr Fig Figs fig figs Eq Eqs eq Sec sec Ch ch Ref Refs ref
        """,
        // German
        """
        Hr Fr Frl Dipl Ing Mag Nr Nrn z.B d.h u.a u.U o.ä o.Ä i.d.R i.A z.T z.Zt m.E v.a bzw ggf evtl inkl exkl zzgl vgl Vgl Abb Tab Bd Bde Hrsg hrsg geb gest verh
        Mio Mrd Tsd Tel Str str sog insb allg ehem urspr max min mind höchst zit Anm Kap Art Abs Ziff Bsp bspw
        """,
        // French
        """
        MM Mme Mmes Mlle Mlles Mgr Me Pr Dre Ste Sté env av apr J.-C p.ex c.-à-d chap vol art éd coll trad tél boul bd
        """,
        // Spanish, Italian, Portuguese, Dutch
        """
        Sra Srta Dra Ud Uds pág págs núm Sig sig Sig.ra dott Dott ing Ing avv Avv prof Exmo Exma bijv d.w.z dhr mevr Dhr Mevr drs Drs enz.z blz
        """);

    private static readonly FrozenSet<string> BeforeNumber = SetOf(
        "No Nos no nos p pp P PP S Seite vol Vol Bd n nº Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Okt Dez Mai janv févr avr juil sept oct nov déc Pt pt para Para Art art Rev ver Ver Kap Nr §");

    private static readonly FrozenSet<string> Ambiguous = SetOf(
        "etc usw usf Inc Ltd Co Corp LLC Jr Bros Dept Univ Ave Blvd Rd St Sq a.m p.m A.M P.M u.s.w u.v.m b.c a.d B.C A.D v.Chr n.Chr Chr Ph.D M.D B.A M.A D.C GmbH Ges Jh Jhd enz ecc cie Cie");

    private static readonly FrozenSet<string> Starters = SetOf(
        """
        The A An He She It We I You They This That These Those There Then Thus In On At But And Or So If When While As For To My Your His Her Its Our Their What Why How Who Where Which
        Also However After Before Now No Yes Not One Some Most All Every Each Many Here With From By Because Although Please Let Do Did Does Is Are Was Were Can Could Will Would Should Have Has
        """,
        """
        Der Die Das Den Dem Des Ein Eine Einen Einem Einer Er Sie Es Wir Ich Ihr Du Man Im Am An Auf Aus Bei Mit Nach Von Vor Zu Zum Zur Und Oder Aber Denn Doch Dann Danach Da Dort Hier Dies Diese
        Dieser Dieses Wenn Als Wie Was Wer Wo Warum Auch Nun Jetzt Heute Seit Bis Für Durch Über Unter Nicht Kein Keine Alle Viele Deshalb Daher Außerdem Trotzdem Jedoch
        """,
        """
        Le La Les L Un Une Il Elle On Nous Vous Ils Elles Je J Tu Ce C Cette Ces Cela Et Mais Ou Donc Or Car Dans En Sur Pour Avec Par Si Quand Comme Que Qui Où Puis Ensuite Alors Mon Ma Son Sa Ses Leur Leurs
        """,
        """
        El Los Las Una Él Ella Ellos Y Pero Se Por Para Con Como Lo Gli È E Ma Per Questo Questa O Os As Um Uma Ele Ela Mas De Het Een Hij Zij Ik Wij Maar Dit Dat Deze
        """);

    /// <summary>Says what the period after a word is.</summary>
    /// <param name="word">The word before the period, with the periods within it.</param>
    /// <param name="beginsLine">Whether nothing comes before the word in its line.</param>
    /// <param name="more">Abbreviations of the application.</param>
    public static PeriodKind Classify(ReadOnlySpan<char> word, bool beginsLine, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> more)
    {
        if (word.IsEmpty)
        {
            return PeriodKind.Full;
        }

        if (char.IsAsciiDigit(word[0]) && word.IndexOfAnyExcept(Number) < 0)
        {
            // The marker of a list item or a chapter; an ordinal number in some languages; or just a number.
            return beginsLine && word.Length <= 6 ? PeriodKind.Abbreviation : word.Length <= 2 ? PeriodKind.Ambiguous : PeriodKind.Full;
        }

        if (more.Contains(word) || Contains(Abbreviations, word))
        {
            return Contains(BeforeNumber, word) && !IsTitle(word) ? PeriodKind.BeforeNumber : PeriodKind.Abbreviation;
        }

        return Contains(BeforeNumber, word) ? PeriodKind.BeforeNumber
            : word.Length == 1 && char.IsLetter(word[0]) ? PeriodKind.Ambiguous
            : Contains(Ambiguous, word) || IsAcronym(word) || IsRoman(word) ? PeriodKind.Ambiguous
            : PeriodKind.Full;
    }

    /// <summary>Says whether a word often begins a sentence.</summary>
    public static bool IsStarter(ReadOnlySpan<char> word) => Contains(Starters, word);

    private static bool IsTitle(ReadOnlySpan<char> word) => word is "Rev" or "Nr" or "Kap" or "Bd" or "Art" or "art" or "vol";

    // Letters with a period after each, as in U.S
    private static bool IsAcronym(ReadOnlySpan<char> word)
    {
        if (word.Length < 3 || word.Length % 2 == 0)
        {
            return false;
        }

        for (var i = 0; i < word.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsLetter(word[i]) : word[i] != '.')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsRoman(ReadOnlySpan<char> word) => word.IndexOfAnyExcept(Roman) < 0;

    private static bool Contains(FrozenSet<string> set, ReadOnlySpan<char> word) => set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> SetOf(params IEnumerable<string> lists) =>
        lists.SelectMany(list => list.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)).ToFrozenSet(StringComparer.Ordinal);
}
