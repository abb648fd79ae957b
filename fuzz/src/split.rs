use corsac::header::{HeaderList, get_decode_and_split};

/// Splitting a header at its commas does as the Standard's steps do, taken literally.
pub fn split(data: &[u8]) {
    let mut list = HeaderList::new();
    super::lines(data).for_each(|line| list.push("a", line));
    let value = list.get("A").map(|value| value.into_owned());
    let expected = value.as_deref().map(literally);
    assert_eq!(get_decode_and_split("A", &list), expected);
}

/// Position variable, temporary value and all.
fn literally(input: &[u8]) -> Vec<Vec<u8>> {
    let mut position = 0;
    let mut values = Vec::new();
    let mut temporary_value = Vec::new();
    loop {
        while position < input.len() && !matches!(input[position], b'"' | b',') {
            temporary_value.push(input[position]);
            position += 1;
        }
        if position < input.len() && input[position] == b'"' {
            let begin = position;
            position = end_of_quoted_string(input, position);
            temporary_value.extend_from_slice(&input[begin..position]);
            if position < input.len() {
                continue;
            }
        }
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        while temporary_value.last().is_some_and(is_blank) {
            temporary_value.pop();
        }
        while temporary_value.first().is_some_and(is_blank) {
            temporary_value.remove(0);
        }
        values.push(std::mem::take(&mut temporary_value));
        if position >= input.len() {
            return values;
        }
        position += 1;
    }
}

fn end_of_quoted_string(input: &[u8], begin: usize) -> usize {
    let mut position = begin + 1;
    while position < input.len() {
        match input[position] {
            b'\\' => position += 2,
            b'"' => return position + 1,
            _ => position += 1,
        }
    }
    input.len()
}
