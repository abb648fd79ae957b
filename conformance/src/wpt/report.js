// In the place of the checkout's testharnessreport.js: what came out goes to the console, as one line.
{
  const STATUS = ["PASS", "FAIL", "TIMEOUT", "NOTRUN", "PRECONDITION_FAILED"];
  const HARNESS = ["", "the harness failed: ", "the harness was late: ", "a precondition failed: "];
  const tell = console.log;
  const shown = (test) => ({ name: test.name, status: STATUS[test.status], message: test.message ?? undefined });
  setup({ output: false, explicit_timeout: true });
  const results = [];
  add_result_callback((test) => {
    results.push(shown(test));
    tell("wpt: " + JSON.stringify({ subtests: results.slice(-1) }));
  });
  add_completion_callback((tests, status) => {
    const trouble = status.status === 0 ? undefined : HARNESS[status.status] + (status.message ?? "");
    tell("wpt: " + JSON.stringify({ subtests: tests.map(shown), trouble, is_whole: true }));
  });
}
