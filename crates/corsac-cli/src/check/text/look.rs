use std::io::IsTerminal;

/// How what is printed has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Columns.
    pub(crate) width: usize,
    pub(crate) glyphs: Glyphs,
    /// Every header line and every time, not only what decides.
    pub(crate) verbose: bool,
}

/// What the terminal can draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyphs {
    Unicode,
    Ascii,
}

/// Where no terminal says how wide it is.
const COLUMNS: usize = 80;
/// Wider than that, the eye loses the line.
const WIDEST: usize = 100;
/// Narrower than that, nothing fits and lines run over.
const NARROWEST: usize = 40;

impl Look {
    /// What suits standard output.
    pub(crate) fn of_stdout(verbose: bool) -> Self {
        let stdout = std::io::stdout();
        let width = match stdout.is_terminal() {
            true => terminal_size::terminal_size_of(&stdout),
            false => None,
        };
        let width = width.map_or(COLUMNS, |(width, _)| width.0.into());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty());
        Self {
            width: width.clamp(NARROWEST, WIDEST),
            glyphs: Glyphs::of_locale(locale.as_deref()),
            verbose,
        }
    }
}

impl Glyphs {
    /// Windows and macOS say nothing and draw everything; elsewhere silence is the C locale.
    fn of_locale(locale: Option<&str>) -> Self {
        let utf8 = match locale {
            None => cfg!(any(windows, target_os = "macos")),
            Some(locale) => {
                let locale = locale.to_ascii_lowercase();
                locale.contains("utf-8") || locale.contains("utf8")
            }
        };
        match utf8 {
            true => Self::Unicode,
            false => Self::Ascii,
        }
    }

    /// A character that we print ourselves; `None` for all others.
    pub(super) const fn draw(self, char: char) -> Option<&'static str> {
        let (unicode, ascii) = match char {
            '✔' => ("✔", "ok"),
            '✘' => ("✘", "XX"),
            '…' => ("…", "..."),
            '·' => ("·", "|"),
            '─' => ("─", "-"),
            '▶' => ("▶", ">"),
            '–' => ("–", "-"),
            '‘' => ("‘", "'"),
            '’' => ("’", "'"),
            '“' => ("“", "\""),
            '”' => ("”", "\""),
            _ => return None,
        };
        Some(match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_says_what_can_be_drawn() {
        assert_eq!(Glyphs::of_locale(Some("de_DE.UTF-8")), Glyphs::Unicode);
        assert_eq!(Glyphs::of_locale(Some("C.utf8")), Glyphs::Unicode);
        assert_eq!(Glyphs::of_locale(Some("C")), Glyphs::Ascii);
        assert_eq!(Glyphs::of_locale(Some("de_DE.ISO-8859-1")), Glyphs::Ascii);
    }
}
