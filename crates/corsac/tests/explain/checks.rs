use corsac::{
    diagnosis::{Check, CheckResult, Exam, Phase, Reason, Verdict, checks},
    header::{HeaderList, Unsafe},
};

fn not_allowed(name: &str, granted: &[&str]) -> Reason {
    let granted: Vec<_> = granted.iter().map(ToString::to_string).collect();
    Reason::HeaderNotAllowed {
        name: name.to_owned(),
        because: Unsafe::Name,
        granted: granted.into(),
    }
}

#[test]
fn a_misspelt_name_is_pointed_at() {
    let sent = HeaderList::from([
        ("Origin", "https://a.example"),
        ("Access-Control-Request-Headers", "x-cart,x-other"),
    ]);
    let received = HeaderList::from([
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Headers", "accept"),
        ("Access-Control-Allow-Headers", "a,  x-card , b"),
    ]);
    let granted = ["accept", "a", "x-card", "b"];
    let mut verdict = Verdict::new(
        not_allowed("x-cart", &granted),
        "https://b.example/",
        "https://a.example",
    );
    verdict.also = vec![not_allowed("x-other", &granted)];
    let all = checks(&Exam {
        phase: Phase::Preflight,
        sent: &sent,
        is_cors: true,
        is_basic: false,
        include_credentials: false,
        status: 204,
        received: &received,
        verdict: Some(&verdict),
    });
    let of = |subject| {
        all.iter()
            .find(|one| one.subject.as_deref() == Some(subject))
            .unwrap()
    };
    let near = of("x-cart");
    assert_eq!(near.check, Check::AllowHeaders);
    assert_eq!(near.result, CheckResult::Failed(&verdict.reason));
    assert_eq!(near.line, Some(2));
    let evidence = near.evidence().unwrap();
    assert_eq!((evidence.line, evidence.byte, evidence.length), (2, 4, 6));
    // Nothing there looks like it: the first line is where it should stand.
    assert_eq!(of("x-other").line, Some(1));
    assert_eq!(of("x-other").evidence(), None);
}
