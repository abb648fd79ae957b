//! What is wrong with a file, shown where it stands.

use std::{fmt, ops::Range};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// How wide a terminal is taken to be.
const COLUMNS: usize = 80;

/// How many findings are shown: nobody reads more, and each costs a look at the whole file.
const SHOWN: usize = 100;

/// Everything that there is to say about a file, in the order of its lines.
///
/// Its `Display` shows the first hundred findings, each with its lines of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) findings: Vec<Finding>,
}

/// One thing to say, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The bytes of the file that it is about.
    pub span: Range<usize>,
    /// Whether the file can be used nevertheless.
    pub is_lint: bool,
    /// What it is.
    pub message: String,
    /// What may help.
    pub help: Option<String>,
}

/// Where something stands in a file, and what it says there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// What is written there, of several lines the first.
    pub text: String,
}

impl Place {
    pub(crate) fn of(source: &str, span: Range<usize>) -> Self {
        let before = source.get(..span.start).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default();
        let text = source.get(span.clone()).unwrap_or_default();
        Self {
            line: line_of(source, span.start),
            column: column.chars().count() + 1,
            text: text.lines().next().unwrap_or_default().to_owned(),
        }
    }
}

/// The line, 1-based, in which a byte stands.
pub(crate) fn line_of(source: &str, byte: usize) -> usize {
    let before = source.get(..byte).unwrap_or_default();
    before.matches('\n').count() + 1
}

impl Finding {
    pub(crate) fn mistake(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            is_lint: false,
            message: message.into(),
            help: None,
        }
    }
}

impl Report {
    /// What there is to say.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The line and the column, both 1-based and in characters, at which a finding begins.
    pub fn place(&self, finding: &Finding) -> (usize, usize) {
        let place = Place::of(&self.source, finding.span.clone());
        (place.line, place.column)
    }

    /// The report for a terminal that shows colours.
    pub fn coloured(&self) -> String {
        self.render(Renderer::styled())
    }

    fn render(&self, renderer: Renderer) -> String {
        let renderer = renderer.term_width(COLUMNS);
        let mut text = String::new();
        for finding in self.findings.iter().take(SHOWN) {
            let level = if finding.is_lint {
                Level::WARNING
            } else {
                Level::ERROR
            };
            let place = AnnotationKind::Primary.span(finding.span.clone());
            let snippet = Snippet::source(&self.source)
                .path(&self.name)
                .annotation(place);
            let mut group = level.primary_title(&finding.message).element(snippet);
            if let Some(help) = &finding.help {
                group = group.element(Level::HELP.message(help));
            }
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&renderer.render(&[group]));
        }
        if let Some(more @ 1..) = self.findings.len().checked_sub(SHOWN) {
            text.push_str(&format!("\n\nand {more} more"));
        }
        text
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Renderer::plain()))
    }
}

impl std::error::Error for Report {}
