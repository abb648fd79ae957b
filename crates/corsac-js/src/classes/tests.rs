//! The classes at work in the engine. Each case is script that must come to `true`.

use rquickjs::{CatchResultExt as _, Context, Ctx, Object, Promise, Runtime};

use super::*;

mod bodies;
mod fetch;
mod headers;
mod requests;
mod responses;

/// A network that answers what a case says.
const NETWORK: &str = include_str!("tests/network.js");

/// Timers of a page without a clock: every delay is over at once.
const PAGE: &str = "(shared) => {
    shared.origin = () => 'http://a.example';
    shared.setTimeout = (step) => { Promise.resolve().then(step); return 1; };
}";

fn page(run: impl FnOnce(&Ctx<'_>)) {
    let context = Context::full(&Runtime::new().unwrap()).unwrap();
    context.with(|ctx| {
        let shared = Object::new(ctx.clone()).unwrap();
        let stage: Function<'_> = ctx.eval(PAGE).unwrap();
        stage.call::<_, ()>((shared.clone(),)).unwrap();
        let network: Function<'_> = ctx.eval(NETWORK).catch(&ctx).unwrap();
        network.call::<_, ()>((shared.clone(),)).unwrap();
        let native = native::object(&ctx).unwrap();
        super::run(&ctx, &native, &shared, FILES)
            .catch(&ctx)
            .unwrap();
        run(&ctx);
    });
}

fn holds(cases: &[&str]) {
    for case in cases {
        page(|ctx| {
            let code = format!("(async () => {{ {case} }})()");
            let promise: Promise<'_> = ctx.eval(code).catch(ctx).unwrap();
            let came: Option<bool> = match promise.finish::<bool>().catch(ctx) {
                Ok(value) => Some(value),
                Err(error) => panic!("{case}\n{error}"),
            };
            assert_eq!(came, Some(true), "{case}");
        });
    }
}

#[test]
fn urls() {
    holds(&[
        "return new URL('../b?c#d', 'http://a.example/x/y').href === 'http://a.example/b?c#d'",
        "const url = new URL('http://a.example/?b=c'); url.searchParams.append('d', 'e f'); return url.href === 'http://a.example/?b=c&d=e+f'",
        "const url = new URL('http://a.example/'); const params = url.searchParams; url.search = '?q=1'; return params.get('q') === '1'",
        "const url = new URL('http://a.example/'); url.port = '81'; url.hash = 'x'; return String(url) === 'http://a.example:81/#x'",
        "const url = new URL('http://a.example/'); url.host = 'a b'; return url.host === 'a.example'",
        "try { new URL('/'); } catch (error) { return error instanceof TypeError; }",
        "return URL.canParse('a:b') && !URL.canParse('b') && URL.parse('b') === null",
        "return [...new URLSearchParams({ a: 1, b: 2 })].join() === 'a,1,b,2'",
        "return new URLSearchParams([['a', 'b'], ['a', 'c']]).getAll('a').join() === 'b,c'",
        "const params = new URLSearchParams('?b=1&a=2&b=3'); params.sort(); return params.toString() === 'a=2&b=1&b=3'",
        "return new URLSearchParams('a=\\ud800').get('a') === '\\ufffd'",
        "return Object.prototype.toString.call(new URL('a:b')) === '[object URL]'",
    ]);
}

#[test]
fn text() {
    holds(&[
        "return new TextDecoder().decode(new TextEncoder().encode('\\u20ac\\ud83d\\ude00')) === '\\u20ac\\ud83d\\ude00'",
        "return new TextEncoder().encode('\\ud800').join() === '239,191,189'",
        "const decoder = new TextDecoder(); return decoder.decode(Uint8Array.of(0xe2, 0x82), { stream: true }) + decoder.decode(Uint8Array.of(0xac)) === '\\u20ac'",
        "try { new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff)); } catch (error) { return error instanceof TypeError; }",
        "try { new TextDecoder('nothing'); } catch (error) { return error instanceof RangeError; }",
        "return new TextDecoder('latin1').encoding === 'windows-1252'",
        "return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.of(0xef, 0xbb, 0xbf)) === '\\ufeff'",
        "const { read, written } = new TextEncoder().encodeInto('a\\u20ac', new Uint8Array(3)); return read === 1 && written === 1",
    ]);
}

#[test]
fn blobs_and_forms() {
    holds(&[
        "const blob = new Blob(['ab', Uint8Array.of(99)], { type: 'A/B' }); return blob.size === 3 && blob.type === 'a/b' && await blob.text() === 'abc'",
        "return await new Blob(['abcdef']).slice(-3, -1).text() === 'de'",
        "const file = new File(['a'], 'n', { lastModified: 5 }); return file instanceof Blob && file.name === 'n' && file.lastModified === 5",
        "return URL.createObjectURL(new Blob([])).startsWith('blob:http://a.example/')",
        "const form = new FormData(); form.append('a', 'b'); form.append('a', new Blob(['c'])); return form.getAll('a')[1].name === 'blob'",
        "const form = new FormData(); form.append('a', '1'); form.append('b', '2'); form.append('a', '3'); form.set('a', '4'); return [...form].join(';') === 'a,4;b,2'",
        "const reader = new FileReader(); const order = []; for (const type of ['loadstart', 'progress', 'load', 'loadend']) reader['on' + type] = () => order.push(type); reader.readAsText(new Blob(['\\u20ac'])); await new Promise((done) => reader.addEventListener('loadend', done)); return order.join() === 'loadstart,progress,load,loadend' && reader.result === '\\u20ac'",
        "const reader = new FileReader(); reader.readAsDataURL(new Blob(['hi'], { type: 'text/plain' })); await new Promise((done) => { reader.onload = done; }); return reader.result === 'data:text/plain;base64,aGk='",
    ]);
}

#[test]
fn streams() {
    holds(&[
        "const got = []; for await (const chunk of new ReadableStream({ start(it) { it.enqueue(1); it.enqueue(2); it.close(); } })) got.push(chunk); return got.join() === '1,2'",
        "const [a, b] = new Blob(['xy']).stream().tee(); const read = async (it) => (await it.getReader().read()).value.join(); return await read(a) === '120,121' && await read(b) === '120,121'",
        "const reader = new ReadableStream({ type: 'bytes', start(it) { it.enqueue(Uint8Array.of(1, 2, 3)); it.close(); } }).getReader({ mode: 'byob' }); const first = await reader.read(new Uint8Array(2)); const second = await reader.read(new Uint8Array(2)); const third = await reader.read(new Uint8Array(2)); return first.value.join() === '1,2' && second.value.join() === '3' && third.done",
        "let why; await new ReadableStream({ cancel(reason) { why = reason; } }).cancel('enough'); return why === 'enough'",
        "const stream = new ReadableStream(); stream.getReader(); try { stream.getReader(); } catch (error) { return stream.locked && error instanceof TypeError; }",
        "const got = []; await ReadableStream.from(['a', 'b']).pipeTo(new WritableStream({ write(chunk) { got.push(chunk); }, close() { got.push('end'); } })); return got.join() === 'a,b,end'",
        "const error = new Error('x'); let seen; try { await new ReadableStream({ pull() { throw error; } }).pipeTo(new WritableStream({ abort(reason) { seen = reason; } })); } catch (thrown) { return thrown === error && seen === error; }",
        "let text = ''; for await (const piece of ReadableStream.from(['a\\ud83d', '\\ude00']).pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream())) text += piece; return text === 'a\\ud83d\\ude00'",
        "const controller = new AbortController(); let why; const piping = new ReadableStream({ cancel(reason) { why = reason; } }).pipeTo(new WritableStream(), { signal: controller.signal }); controller.abort('stop'); try { await piping; } catch (reason) { return reason === 'stop' && why === 'stop'; }",
    ]);
}

#[test]
fn events_and_signals() {
    holds(&[
        "const target = new EventTarget(); const order = []; target.addEventListener('x', () => order.push(1)); target.addEventListener('x', { handleEvent() { order.push(2); } }, { once: true }); target.dispatchEvent(new Event('x')); target.dispatchEvent(new Event('x')); return order.join() === '1,2,1'",
        "const target = new EventTarget(); const listener = () => { throw new Error('x'); }; let after = false; target.addEventListener('x', listener); target.addEventListener('x', () => { after = true; }); return target.dispatchEvent(new Event('x')) && after",
        "const target = new EventTarget(); target.addEventListener('x', (event) => event.preventDefault()); return !target.dispatchEvent(new Event('x', { cancelable: true }))",
        "const controller = new AbortController(); const any = AbortSignal.any([controller.signal]); controller.abort(); return any.aborted && any.reason.name === 'AbortError'",
        "const controller = new AbortController(); const target = new EventTarget(); let count = 0; target.addEventListener('x', () => { count += 1; }, { signal: controller.signal }); controller.abort(); target.dispatchEvent(new Event('x')); return count === 0",
        "return new ProgressEvent('a', { loaded: 5 }).loaded === 5 && new Event('a').isTrusted === false",
    ]);
}

#[test]
fn clones_and_chance() {
    holds(&[
        "const it = { map: new Map([[1, new Set([2])]]), when: new Date(3), bytes: Uint8Array.of(4), error: new RangeError('e') }; it.self = it; const copy = structuredClone(it); return copy !== it && copy.self === copy && copy.map.get(1).has(2) && +copy.when === 3 && copy.bytes[0] === 4 && copy.error instanceof RangeError && copy.error.message === 'e'",
        "try { structuredClone(() => {}); } catch (error) { return error.name === 'DataCloneError' && error instanceof DOMException; }",
        "return [new Headers(), new Request('http://a.example'), new EventTarget(), new Event('x'), new URL('http://a.example'), new (class extends EventTarget {})()].every((it) => { try { structuredClone({ it }); } catch (error) { return error.name === 'DataCloneError'; } })",
        "const { buffer } = Uint8Array.of(1, 2); const copy = structuredClone(buffer, { transfer: [buffer] }); return copy.byteLength === 2 && buffer.byteLength === 0",
        "return /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())",
        "return crypto.getRandomValues(new Uint8Array(64)).some((byte) => byte !== 0)",
    ]);
}
