//! Response, as script makes it.

use super::holds;

#[test]
fn responses_are_made() {
    holds(&[
        "const it = new Response(); return it.type === 'default' && it.url === '' && !it.redirected && it.status === 200 && it.ok && it.statusText === '' && it.body === null && it.headers === it.headers",
        "return await new Response(null).text() === '' && await new Response(undefined).text() === ''",
        "const it = new Response('a', { status: 404, statusText: 'Not \\xe9', headers: [['a', 'b']] }); return it.status === 404 && !it.ok && it.statusText === 'Not \\xe9' && it.headers.get('a') === 'b'",
        "return [199, 600, 0, -1, 100, 101, 1000].every((status) => thrown(() => new Response('', { status })) instanceof RangeError)",
        "return new Response('', { status: 65736 }).status === 200 && new Response('', { status: '299' }).ok && new Response('', { status: 300 }).ok === false",
        "return ['\\n', '\\0', '\\x7f', '\\u0100'].every((statusText) => thrown(() => new Response('', { statusText })) instanceof TypeError)",
        "return [204, 205, 304].every((status) => thrown(() => new Response('', { status })) instanceof TypeError && new Response(null, { status }).status === status)",
        "const it = new Response('', { headers: { 'Set-Cookie': 'a', 'set-cookie2': 'b', Cookie: 'c' } }); return [...it.headers.keys()].join() === 'content-type,cookie'",
        "return thrown(() => new Response('', { headers: { 'a b': '' } })) instanceof TypeError && thrown(() => new Response('', 1)) instanceof TypeError",
        "const seen = []; const init = {}; for (const name of ['statusText', 'status', 'headers']) Object.defineProperty(init, name, { get() { seen.push(name); } }); new Response('', init); return seen.join() === 'headers,status,statusText'",
        "const used = streamOf(); await used.cancel(); return thrown(() => new Response(used, { status: 0 })) instanceof TypeError",
        "class Mine extends Response {} return await new Mine('a').text() === 'a' && Response.length === 0",
    ]);
}

#[test]
fn responses_are_made_by_the_class() {
    holds(&[
        "const it = Response.error(); return it.type === 'error' && it.status === 0 && !it.ok && it.body === null && it.statusText === '' && it.url === ''",
        "return thrown(() => Response.error().headers.append('a', 'b')) instanceof TypeError",
        "const it = Response.redirect('x'); return it.status === 302 && it.headers.get('location') === 'http://a.example/dir/x' && it.type === 'default' && !it.ok",
        "return [301, 302, 303, 307, 308].every((status) => Response.redirect('/', status).status === status)",
        "return [200, 300, 304, 309, 400].every((status) => thrown(() => Response.redirect('/', status)) instanceof RangeError)",
        "return thrown(() => Response.redirect('http://:', 200)) instanceof TypeError && thrown(() => Response.redirect()) instanceof TypeError",
        "return thrown(() => Response.redirect('/').headers.set('a', 'b')) instanceof TypeError && Response.redirect('/\\u20ac').headers.get('location') === 'http://a.example/%E2%82%AC'",
        "const it = Response.json({ a: '\\u20ac' }); return it.headers.get('content-type') === 'application/json' && it.status === 200 && (await it.json()).a === '\\u20ac'",
        "const it = Response.json([], { status: 418, headers: { 'Content-Type': 'x/y' } }); return it.status === 418 && it.headers.get('content-type') === 'x/y' && await it.text() === '[]'",
        "return [undefined, () => {}, Symbol('a')].every((value) => thrown(() => Response.json(value)) instanceof TypeError) && thrown(() => Response.json()) instanceof TypeError",
        "const it = {}; it.it = it; return thrown(() => Response.json(it)) instanceof TypeError && thrown(() => Response.json('', { status: 204 })) instanceof TypeError",
        "const why = new RangeError('x'); return thrown(() => Response.json({ toJSON() { throw why; } })) === why",
    ]);
}

#[test]
fn responses_are_cloned() {
    holds(&[
        "const it = new Response('a', { status: 201, statusText: 'x', headers: { a: 'b' } }); const copy = it.clone(); copy.headers.set('a', 'c'); return copy.status === 201 && copy.statusText === 'x' && it.headers.get('a') === 'b' && await it.text() === 'a' && await copy.text() === 'a'",
        "const it = new Response('a'); it.text(); return thrown(() => it.clone()) instanceof TypeError",
        "const it = new Response('a'); it.body.getReader(); return thrown(() => it.clone()) instanceof TypeError",
        "return new Response().clone().body === null && Response.error().clone().type === 'error' && thrown(() => Response.error().clone().headers.set('a', 'b')) instanceof TypeError",
        "const chunk = new Int16Array([1, 2]); const it = new Response(new ReadableStream({ start(c) { c.enqueue(chunk); c.close(); } })); const copy = it.clone(); const first = (await it.body.getReader().read()).value; const second = (await copy.body.getReader().read()).value; return first === chunk && second !== chunk && second instanceof Int16Array && second.join() === '1,2'",
        "const it = new Response(new ReadableStream({ start(c) { c.enqueue(() => {}); } })); const copy = it.clone(); const error = await rejected(copy.body.getReader().read()); return error.name === 'DataCloneError' && await rejected(it.body.getReader().read()) === error",
        "const it = new Response(streamOf('a', 'b')); const copy = it.clone(); it.body.cancel(); return it.bodyUsed && !copy.bodyUsed && await copy.text() === 'ab'",
        "const it = new Response('a'); const first = it.clone(); const second = first.clone(); return await second.text() + await first.text() + await it.text() === 'aaa'",
    ]);
}
