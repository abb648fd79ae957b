//! URLs for script, by the `url` crate: a page's URL object holds the parts that this returns.

use rquickjs::{Ctx, Function, Object, Result};
use url::{Url, form_urlencoded, quirks};

/// `parse(input, base)`, `set(href, part, value)`, `parseForm(text)`, `serializeForm(flat)`.
///
/// Text arrives well-formed: the class files replace lone surrogates before they call.
pub(crate) fn object<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("parse", Function::new(ctx.clone(), parse)?)?;
    object.set("set", Function::new(ctx.clone(), set)?)?;
    object.set("parseForm", Function::new(ctx.clone(), parse_form)?)?;
    object.set("serializeForm", Function::new(ctx.clone(), serialize_form)?)?;
    Ok(object)
}

/// In the order in which `url.js` names them.
fn parts(url: &Url) -> Vec<String> {
    vec![
        quirks::href(url).to_owned(),
        quirks::origin(url),
        quirks::protocol(url).to_owned(),
        quirks::username(url).to_owned(),
        quirks::password(url).to_owned(),
        quirks::host(url).to_owned(),
        quirks::hostname(url).to_owned(),
        quirks::port(url).to_owned(),
        quirks::pathname(url).to_owned(),
        quirks::search(url).to_owned(),
        quirks::hash(url).to_owned(),
    ]
}

// The engine hands over owned arguments.
#[allow(clippy::needless_pass_by_value)]
fn parse(input: String, base: Option<String>) -> Option<Vec<String>> {
    let base = match base {
        Some(base) => Some(Url::parse(&base).ok()?),
        None => None,
    };
    let url = Url::options().base_url(base.as_ref()).parse(&input).ok()?;
    Some(parts(&url))
}

/// A part that cannot be set stays as it is, as the setters of URL have it.
#[allow(clippy::needless_pass_by_value)]
fn set(href: String, part: String, value: String) -> Option<Vec<String>> {
    let mut url = Url::parse(&href).ok()?;
    // The setters say whether they did anything; script is not told.
    let _ignored = match part.as_str() {
        "protocol" => quirks::set_protocol(&mut url, &value),
        "username" => quirks::set_username(&mut url, &value),
        "password" => quirks::set_password(&mut url, &value),
        "host" => quirks::set_host(&mut url, &value),
        "hostname" => quirks::set_hostname(&mut url, &value),
        "port" => quirks::set_port(&mut url, &value),
        "pathname" => {
            quirks::set_pathname(&mut url, &value);
            Ok(())
        }
        "search" => {
            quirks::set_search(&mut url, &value);
            Ok(())
        }
        "hash" => {
            quirks::set_hash(&mut url, &value);
            Ok(())
        }
        _ => Err(()),
    };
    Some(parts(&url))
}

/// Names and values by turns.
#[allow(clippy::needless_pass_by_value)]
fn parse_form(text: String) -> Vec<String> {
    form_urlencoded::parse(text.as_bytes())
        .flat_map(|(name, value)| [name.into_owned(), value.into_owned()])
        .collect()
}

#[allow(clippy::needless_pass_by_value)]
fn serialize_form(flat: Vec<String>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for pair in flat.chunks_exact(2) {
        if let [name, value] = pair {
            form.append_pair(name, value);
        }
    }
    form.finish()
}
