//! What a browser's console says, as the driver or the browser hands it out.

use anyhow::{Context as _, Result, bail};
use fantoccini::{Client, wd::WebDriverCompatibleCommand};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::Engine;

/// One line of a console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleLine {
    /// As severe as the browser holds it: `error` or `warning`.
    pub level: String,
    /// Firefox's category, or Chromium's source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// What it says.
    pub text: String,
}

/// A command that WebDriver's extensions add.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// What Firefox keeps, which is then empty again. A page's own console is elsewhere.
const FIREFOX: &str = "
    const messages = Services.console.getMessageArray();
    Services.console.reset();
    return messages
        .filter((message) => message instanceof Ci.nsIScriptError)
        .map((message) => ({
            level: message.flags & Ci.nsIScriptError.warningFlag ? 'warning' : 'error',
            category: message.category,
            text: message.errorMessage,
        }));
";

/// Takes what was said since it was last asked for.
pub(super) async fn take(engine: Engine, client: &Client) -> Result<Vec<ConsoleLine>> {
    match engine {
        Engine::Chromium => {
            let log = Extension {
                path: "se/log",
                body: json!({ "type": "browser" }),
            };
            let lines = client.issue_cmd(log).await?;
            let lines = lines.as_array().context("the log is a list")?;
            Ok(lines.iter().map(chromium).collect())
        }
        Engine::Firefox => {
            context(client, "chrome").await?;
            let lines = client.execute(FIREFOX, Vec::new()).await;
            context(client, "content").await?;
            Ok(serde_json::from_value(lines?)?)
        }
        Engine::Webkit => bail!("a driven WebKit keeps its console to itself"),
    }
}

async fn context(client: &Client, name: &str) -> Result<()> {
    let body = json!({ "context": name });
    client
        .issue_cmd(Extension {
            path: "moz/context",
            body,
        })
        .await?;
    Ok(())
}

/// `URL LINE:COLUMN TEXT`, of which the place is the page's own.
fn chromium(entry: &Value) -> ConsoleLine {
    let field = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let message = field("message");
    let text = message.splitn(3, ' ').nth(2).unwrap_or(message);
    ConsoleLine {
        level: match field("level") {
            "SEVERE" => "error".to_owned(),
            other => other.to_ascii_lowercase(),
        },
        category: field("source").to_owned(),
        text: text.to_owned(),
    }
}

/// `CONSOLE SOURCE LEVEL TEXT`; what a script logs has no source.
pub(super) fn webkit(line: &str) -> Option<ConsoleLine> {
    let rest = line.split_once("CONSOLE ")?.1;
    let (first, rest) = rest.split_once(' ')?;
    let (category, level, text) = match first {
        "LOG" => ("", first, rest),
        source => {
            let (level, text) = rest.split_once(' ')?;
            (source, level, text)
        }
    };
    Some(ConsoleLine {
        level: level.to_ascii_lowercase(),
        category: category.to_owned(),
        text: text.to_owned(),
    })
}
