//! Module scripts: each is fetched by the page, and waited for.

use std::{
    fs::File,
    io::{self, Read as _},
    rc::Rc,
};

use bytes::Bytes;
use corsac::{
    fetch::{Destination, Mode, Request},
    header::parse_a_mime_type_essence,
};
use data_url::DataUrl;
use rquickjs::{
    Ctx, Exception, Module, Result,
    loader::{ImportAttributes, Loader, Resolver},
    module::Declared,
};
use url::Url;

use super::{ErrorKind, Initiator, ScriptError, Start, host::Host};
use crate::html::is_javascript_mime_type_essence;

/// A script's text, and the type that it came with.
pub(super) struct Loaded {
    pub(super) text: String,
    essence: Option<String>,
}

impl Host {
    /// Fetches a script: a classic one as `script` elements do, or a module. A failure is on the
    /// console.
    pub(super) fn load(&self, url: &Url, mode: Mode) -> std::result::Result<Loaded, ScriptError> {
        let failed = |why: &str| ScriptError::new(ErrorKind::Load, format!("{url}: {why}"));
        if url.scheme() == "data" {
            let data = DataUrl::process(url.as_str()).ok();
            let body = data.as_ref().and_then(|data| data.decode_to_vec().ok());
            let (Some(data), Some((bytes, _))) = (data, body) else {
                return Err(failed("not a data: URL"));
            };
            let mime = data.mime_type();
            return Ok(Loaded {
                text: String::from_utf8_lossy(&bytes).into_owned(),
                essence: Some(format!("{}/{}", mime.type_, mime.subtype)),
            });
        }
        if url.scheme() == "file" && self.config.imports_files {
            return self.file(url);
        }
        let mut request = Request::new(url.clone());
        request.mode = mode;
        request.unsafe_request = false;
        request.destination = Destination::Script;
        let id = self.next_load_id();
        let now = self.fetch_now(
            Start {
                id,
                initiator: Initiator::Script,
                page: self.config.environment.clone(),
                request,
                body: Bytes::new(),
            },
            None,
        );
        if now.is_late {
            return Err(failed("it took too long"));
        }
        let (None, Some(response)) = (now.failed, now.response) else {
            return Err(failed("it can't be loaded"));
        };
        let head = &response.internal;
        if !corsac::fetch::is_ok_status(head.status) {
            return Err(failed(&format!("its status is {}", head.status)));
        }
        let value = head.header_list.get("content-type");
        Ok(Loaded {
            text: String::from_utf8_lossy(&now.body).into_owned(),
            essence: value.and_then(|value| parse_a_mime_type_essence(&value)),
        })
    }
}

impl Host {
    /// A module of a file; its type is what its name says.
    fn file(&self, url: &Url) -> std::result::Result<Loaded, ScriptError> {
        let failed = |why: String| ScriptError::new(ErrorKind::Load, format!("{url}: {why}"));
        let path = url.to_file_path();
        let path = path.map_err(|()| failed("no path of a file".to_owned()))?;
        let limit = self.config.agent.limits.body_bytes;
        let mut text = String::new();
        let file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => failed("there is no such file".to_owned()),
            _ => failed(error.to_string()),
        })?;
        let mut file = file.take(limit.try_into().unwrap_or(u64::MAX));
        let read = file.read_to_string(&mut text);
        read.map_err(|error| failed(error.to_string()))?;
        if text.len() == limit {
            return Err(failed(format!("it has more than {limit} bytes")));
        }
        let is_json = path.extension().is_some_and(|name| name == "json");
        let essence = if is_json {
            "application/json"
        } else {
            "text/javascript"
        };
        Ok(Loaded {
            text,
            essence: Some(essence.to_owned()),
        })
    }
}

/// Specifiers are URLs, or paths that begin with `/`, `./` or `../`.
///
/// Source: <https://html.spec.whatwg.org/#resolve-a-module-specifier>
pub(super) struct ToUrls;

impl Resolver for ToUrls {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<String> {
        let is_relative = ["/", "./", "../"]
            .iter()
            .any(|start| name.starts_with(start));
        let url = match is_relative {
            true => Url::parse(base).and_then(|base| base.join(name)),
            false => Url::parse(name),
        };
        // A page of the web doesn't get at files, whoever wrote its script.
        if url.as_ref().is_ok_and(|url| url.scheme() == "file") && !base.starts_with("file:") {
            let message = format!("{name}: only a module of a file imports files");
            return Err(Exception::throw_type(ctx, &message));
        }
        url.map(String::from).map_err(|_| {
            let message =
                format!("\"{name}\" is no module: a URL, or a path that begins with / or .");
            Exception::throw_type(ctx, &message)
        })
    }
}

/// Fetches modules.
pub(super) struct FromHost(pub(super) Rc<Host>);

impl Loader for FromHost {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        attributes: Option<ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        let refused = |why: &str| Exception::throw_type(ctx, why);
        let url = Url::parse(name).map_err(|_| refused("not a URL"))?;
        let wanted = attributes.map(|all| all.get_type()).transpose()?.flatten();
        let loaded = self.0.load(&url, Mode::Cors);
        let loaded = loaded.map_err(|error| {
            let thrown = refused(&error.message);
            self.0.not_loaded.replace(Some(error));
            thrown
        })?;
        let essence = loaded.essence.as_deref().unwrap_or_default();
        match wanted.as_deref() {
            None if is_javascript_mime_type_essence(essence) => declare(ctx, name, &loaded.text),
            None => Err(refused(&format!(
                "{name}: {essence:?} is no type of a module"
            ))),
            Some("json") => {
                // It becomes a module's text: first it has to be JSON and nothing else.
                ctx.json_parse(loaded.text.as_str())?;
                declare(ctx, name, &format!("export default ({});", loaded.text))
            }
            Some(other) => Err(refused(&format!(
                "{name}: no module has the type {other:?}"
            ))),
        }
    }
}

/// A module that knows its URL.
pub(super) fn declare<'js>(ctx: &Ctx<'js>, url: &str, text: &str) -> Result<Module<'js, Declared>> {
    let module = Module::declare(ctx.clone(), url, text)?;
    module.meta()?.set("url", url)?;
    Ok(module)
}
