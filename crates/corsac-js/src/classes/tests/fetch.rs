//! fetch(), over a network that the cases answer for.

use super::holds;

#[test]
fn what_is_sent() {
    holds(&[
        "await fetch('x#y'); const [{ request }] = exchanges; return request.url === 'http://a.example/dir/x#y' && request.method === 'GET' && request.mode === 'cors' && request.credentials === 'same-origin' && request.redirect === 'follow' && request.referrer === 'client' && request.body === null && request.headers.length === 0",
        "await fetch('/'); const [{ request }] = exchanges; return request.unsafeRequest && !request.useCorsPreflight && !request.isXhr && !request.isStream && request.integrity === '' && request.keepalive === false && request.cache === 'default' && request.referrerPolicy === ''",
        "await fetch('/', { method: 'put', headers: { A: 'b' }, body: 'c', credentials: 'include', referrer: '', keepalive: true }); const [{ request }] = exchanges; return request.method === 'PUT' && request.headers.join() === 'A,b,Content-Type,text/plain;charset=UTF-8' && request.body.join() === '99' && request.credentials === 'include' && request.referrer === 'no-referrer' && request.keepalive",
        "await fetch(new Request('/', { method: 'POST', body: 'a', headers: { b: 'c' } }), { credentials: 'omit' }); const [{ request }] = exchanges; return request.body.join() === '97' && request.credentials === 'omit' && request.headers.join() === 'b,c,Content-Type,text/plain;charset=UTF-8'",
        "const it = new Request('/'); it.headers.set('a', 'b'); await fetch(it); return exchanges[0].request.headers.join() === 'a,b'",
        "const it = new Request('/', { method: 'POST', body: 'a' }); await fetch(it); return it.bodyUsed && await rejected(fetch(it)) instanceof TypeError && exchanges.length === 1",
        "await fetch('/', { method: 'POST', body: streamOf('a', 'b'), duplex: 'half' }); const [{ request }] = exchanges; return request.body.join() === '97,98' && request.isStream && request.useCorsPreflight",
        "const it = new Request('/', { method: 'POST', body: 'a' }); it.body; await fetch(it.clone()); await fetch(it); return exchanges.every(({ request }) => request.body.join() === '97' && !request.isStream)",
        "const it = new Request('/', { method: 'POST', body: streamOf('ab'), duplex: 'half' }); await fetch(it.clone()); await fetch(it); return exchanges.every(({ request }) => request.body.join() === '97,98' && request.isStream)",
        "await fetch('/', { method: 'POST', body: new Blob(['abcd']).slice(1, 3) }); return exchanges[0].request.body.join() === '98,99'",
    ]);
}

#[test]
fn what_comes_back() {
    holds(&[
        "answer = () => ({ type: 'cors', redirected: true, status: 203, statusText: 'x', headers: ['a', 'b', 'A', 'c'], chunks: ['h\\u20ac', 'llo'] }); const it = await fetch('/q#f'); return it instanceof Response && it.type === 'cors' && it.redirected && it.status === 203 && it.statusText === 'x' && it.url === 'http://a.example/q' && it.headers.get('a') === 'b, c' && await it.text() === 'h\\u20acllo'",
        "const it = await fetch('/'); return thrown(() => it.headers.set('a', 'b')) instanceof TypeError && thrown(() => it.clone().headers.set('a', 'b')) instanceof TypeError",
        "answer = () => ({ type: 'opaque', url: '', status: 0, statusText: '', hasBody: false, chunks: ['secret'] }); const it = await fetch('http://b.example/', { mode: 'no-cors' }); return it.type === 'opaque' && it.status === 0 && !it.ok && it.url === '' && it.body === null && [...it.headers].length === 0 && await it.text() === ''",
        "answer = () => ({ type: 'opaqueredirect', status: 0, statusText: '', hasBody: false }); const it = await fetch('/r', { redirect: 'manual' }); return it.type === 'opaqueredirect' && it.url === 'http://a.example/r' && !it.redirected",
        "answer = () => ({ chunks: ['ab', 'c'] }); const reader = (await fetch('/')).body.getReader(); const got = []; for (;;) { const { value, done } = await reader.read(); if (done) break; got.push(value.join()); } await reader.closed; return got.join('|') === '97,98|99'",
        "answer = () => ({ chunks: ['abc'] }); const reader = (await fetch('/')).body.getReader({ mode: 'byob' }); const first = await reader.read(new Uint8Array(2)); const second = await reader.read(new Uint8Array(2)); const third = await reader.read(new Uint8Array(2)); return first.value.join() === '97,98' && second.value.join() === '99' && third.done",
        "answer = () => null; const coming = fetch('/'); exchanges[0].response(); const it = await coming; const read = it.body.getReader({ mode: 'byob' }).read(new Uint8Array(4)); await ticks(9); exchanges[0].end(); const { done, value } = await read; return done && value.length === 0",
        "answer = () => ({ chunks: ['a', 'b'] }); const it = await fetch('/'); const copy = it.clone(); return await copy.text() === 'ab' && await it.text() === 'ab'",
        "answer = () => ({ chunks: ['{\"a\":1}'] }); return (await (await fetch('/')).json()).a === 1",
        "answer = () => ({ headers: ['Content-Type', 'X/Y; a=B'], chunks: ['a', 'b'] }); const blob = await (await fetch('/')).blob(); return blob.type === 'x/y;a=B' && blob.size === 2",
        "const it = await fetch('/'); const buffer = await it.arrayBuffer(); return buffer.byteLength === 2 && it.bodyUsed && it.body.locked",
        "answer = () => null; const coming = fetch('/'); exchanges[0].response(); const it = await coming; const text = it.text(); const { closed } = { closed: it.body.locked }; exchanges[0].chunk('a'); exchanges[0].end(); return closed && await text === 'a'",
        "answer = () => ({}); const it = await fetch('/'); return it.body !== null && await it.text() === '' && it.bodyUsed",
        "const it = await fetch('/'); return await rejected(new Response(it.body).text()) === undefined && it.bodyUsed",
    ]);
}

#[test]
fn what_goes_wrong() {
    holds(&[
        "answer = () => ({ error: 'network' }); const error = await rejected(fetch('/')); return error instanceof TypeError && error.message === 'Failed to fetch'",
        "return await rejected(fetch()) instanceof TypeError && await rejected(fetch('http://:')) instanceof TypeError && exchanges.length === 0 && fetch.length === 1",
        "const why = new Error('x'); return await rejected(fetch('/', { get method() { throw why; } })) === why",
        "answer = () => ({ chunks: ['a'], late: 'network' }); const it = await fetch('/'); return await rejected(it.text()) instanceof TypeError",
        "answer = () => null; const coming = fetch('/'); exchanges[0].response(); const it = await coming; const reader = it.body.getReader(); exchanges[0].chunk('a'); const first = await reader.read(); exchanges[0].error(); return first.value.length === 1 && await rejected(reader.read()) instanceof TypeError && await rejected(reader.closed) instanceof TypeError",
        "const why = new RangeError('x'); const body = new ReadableStream({ pull() { throw why; } }); const error = await rejected(fetch('/', { method: 'POST', body, duplex: 'half' })); return error instanceof TypeError && exchanges.length === 0",
        "const why = new DOMException('x', 'AbortError'); const body = new ReadableStream({ start(it) { it.error(why); } }); return await rejected(fetch('/', { method: 'POST', body, duplex: 'half' })) === why",
        "const body = new ReadableStream({ start(it) { it.enqueue('text'); } }); return await rejected(fetch('/', { method: 'POST', body, duplex: 'half' })) instanceof TypeError",
        "answer = () => null; const it = fetch('/'); exchanges[0].response(); exchanges[0].chunk('a'); await (await it).body.cancel('enough'); return exchanges[0].hungUp",
        "const it = await fetch('/'); await ticks(9); await it.body.cancel(); return !exchanges[0].hungUp && it.bodyUsed",
        "answer = () => null; const coming = fetch('/'); exchanges[0].response(); const it = await coming; const copy = it.clone(); it.body.cancel(); await ticks(9); const kept = !exchanges[0].hungUp; copy.body.cancel(); await ticks(9); return kept && exchanges[0].hungUp",
    ]);
}

#[test]
fn aborting() {
    holds(&[
        "const control = new AbortController(); control.abort(); const error = await rejected(fetch('/', { signal: control.signal })); return error instanceof DOMException && error.name === 'AbortError' && exchanges.length === 0",
        "const control = new AbortController(); control.abort('why'); const log = []; await Promise.all([fetch('/', { signal: control.signal }).catch((reason) => log.push(reason)), Promise.resolve().then(() => log.push('next'))]); return log.join() === 'why,next'",
        "const control = new AbortController(); control.abort(); let why; const body = new ReadableStream({ cancel(reason) { why = reason; } }); const it = fetch('/', { signal: control.signal, method: 'POST', body, duplex: 'half' }); return why !== undefined && await rejected(it) === why",
        "const control = new AbortController(); control.abort(); const it = new Request('/', { signal: control.signal, method: 'POST', body: 'a' }); await rejected(fetch(it)); return it.bodyUsed",
        "const control = new AbortController(); control.abort(); return await rejected(fetch('http://:', { signal: control.signal })) instanceof TypeError",
        "answer = () => null; const control = new AbortController(); const it = fetch('/', { signal: control.signal }); const why = new Error('x'); control.abort(why); return await rejected(it) === why && exchanges[0].hungUp",
        "let why; const control = new AbortController(); const body = new ReadableStream({ start(it) { it.enqueue(text('a')); }, cancel(reason) { why = reason; } }); const it = fetch('/', { signal: control.signal, method: 'POST', body, duplex: 'half' }); await ticks(9); control.abort('stop'); await ticks(9); return await rejected(it) === 'stop' && why === 'stop' && exchanges.length === 0",
        "answer = () => null; const control = new AbortController(); const coming = fetch('/', { signal: control.signal }); exchanges[0].response(); const it = await coming; const text = it.text(); exchanges[0].chunk('a'); control.abort(); return (await rejected(text)).name === 'AbortError' && exchanges[0].hungUp",
        "answer = () => null; const control = new AbortController(); const coming = fetch('/', { signal: control.signal }); exchanges[0].response(); const reader = (await coming).body.getReader(); const read = reader.read(); control.abort(); return (await rejected(read)).name === 'AbortError' && (await rejected(reader.closed)).name === 'AbortError'",
        "answer = () => null; const control = new AbortController(); const coming = fetch('/', { signal: control.signal }); exchanges[0].response(); const it = await coming; control.abort(); const log = []; const text = it.text(); await Promise.all([text.catch((error) => log.push(error.name)), Promise.resolve().then(() => log.push('next'))]); return log.join() === 'AbortError,next'",
        "const control = new AbortController(); const it = await fetch('/', { signal: control.signal }); await ticks(9); control.abort(); return (await rejected(it.text())).name === 'AbortError' && exchanges.length === 1",
        "const control = new AbortController(); const it = await fetch('/', { signal: control.signal }); const text = await it.text(); control.abort(); return text === 'ok' && !exchanges[0].hungUp",
        "answer = () => ({}); const control = new AbortController(); const it = await fetch('/', { signal: control.signal }); await it.clone().text(); const reader = it.body.getReader(); control.abort(); return (await reader.read()).done",
        "answer = () => null; const control = new AbortController(); const coming = fetch('/', { signal: control.signal, mode: 'no-cors' }); exchanges[0].response({ type: 'opaque', status: 0, hasBody: false }); await coming; control.abort(); return exchanges[0].hungUp",
        "answer = () => null; const control = new AbortController(); const coming = fetch('/', { signal: control.signal }); exchanges[0].response(); const it = await coming; const copy = it.clone(); control.abort('x'); return await rejected(copy.text()) === 'x' && await rejected(it.text()) === 'x'",
        "answer = () => null; const control = new AbortController(); const it = new Request('/', { signal: control.signal }); const coming = fetch(it); control.abort('x'); return await rejected(coming) === 'x'",
        "const control = new AbortController(); control.abort(); const it = new Request('/', { signal: control.signal }); return await (await fetch(it, { signal: null })).text() === 'ok'",
        "const control = new AbortController(); for (let at = 0; at < 50; at += 1) await (await fetch('/', { signal: control.signal })).text(); control.abort(); return exchanges.every(({ hungUp }) => !hungUp)",
    ]);
}

#[test]
fn integrity() {
    const RIGHT: &str = "const integrity = 'sha256-Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8=';";
    let cases = [
        "const it = await fetch('/', { integrity }); return await it.text() === 'ok' && exchanges[0].request.integrity === integrity",
        "answer = () => ({ chunks: ['o', 'k'] }); const it = await fetch('/', { integrity }); return (await it.body.getReader().read()).value.join() === '111,107'",
        "answer = () => ({ chunks: ['no'] }); return await rejected(fetch('/', { integrity })) instanceof TypeError",
        "return await (await fetch('/', { integrity: 'sha256-x md5-y ' + integrity })).text() === 'ok'",
        "return await rejected(fetch('/', { integrity: integrity + ' sha512-x' })) instanceof TypeError",
        "return await (await fetch('/', { integrity: 'md5-y' })).text() === 'ok'",
        "answer = () => ({ type: 'opaque', status: 0, hasBody: false }); return await rejected(fetch('/', { integrity, mode: 'no-cors' })) instanceof TypeError && exchanges[0].hungUp",
        "answer = () => ({ chunks: ['o'], late: 'network' }); return await rejected(fetch('/', { integrity })) instanceof TypeError",
        "const control = new AbortController(); const it = await fetch('/', { integrity, signal: control.signal }); control.abort(); return (await rejected(it.text())).name === 'AbortError'",
    ];
    for case in cases {
        holds(&[&format!("{RIGHT} {case}")]);
    }
}
