//! Lower-case hex, the only form in which ids, keys, salts and hashes leave the tables.

use serde::Serializer;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Appends the lower-case hex of `bytes`.
pub fn push(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// The lower-case hex digits of `bytes`.
pub fn digits(bytes: &[u8]) -> impl Iterator<Item = char> + '_ {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]))
}

/// The lower-case hex of `bytes`.
pub fn encode(bytes: &[u8]) -> String {
    digits(bytes).collect()
}

/// Exactly `N` bytes written as hex in `text`, upper or lower case; `None` when it is anything else.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    // Straight into the array: a key must leave no copy behind.
    let mut out = [0; N];
    if text.len() != N * 2 {
        return None;
    }
    for (at, digit) in text.chars().enumerate() {
        let nibble = u8::try_from(digit.to_digit(16)?).ok()?;
        *out.get_mut(at / 2)? |= if at % 2 == 0 { nibble << 4 } else { nibble };
    }
    Some(out)
}

/// As [`decode`], for any number of bytes.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| decode::<1>(std::str::from_utf8(pair).ok()?).map(|[byte]| byte))
        .collect()
}

/// Writes bytes as a hex string, for serde.
pub fn serialize<S: Serializer, B: AsRef<[u8]>>(bytes: &B, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&encode(bytes.as_ref()))
}

/// Writes bytes that may be absent as a hex string or null, for serde.
pub fn serialize_option<S: Serializer, B: AsRef<[u8]>>(bytes: &Option<B>, serializer: S) -> Result<S::Ok, S::Error> {
    match bytes {
        Some(bytes) => serializer.serialize_some(&encode(bytes.as_ref())),
        None => serializer.serialize_none(),
    }
}

/// A head to be copied by hand: 16 groups of four characters.
pub fn printable_head(hash: &[u8; 32]) -> String {
    let text = encode(hash);
    let mut out = String::with_capacity(79);
    for (at, digit) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

/// Reads a head as printed, typed with or without blanks and dashes, in either case.
pub fn parse_head(text: &str) -> Option<[u8; 32]> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    decode(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_it_encodes_and_nothing_else() {
        assert_eq!(decode(&encode(&[0, 15, 16, 255])), Some([0, 15, 16, 255]));
        assert_eq!(decode("0F"), Some([15]));
        assert_eq!(bytes("000fff"), Some(vec![0, 15, 255]));
        assert_eq!((bytes("000"), bytes("0g"), bytes("０")), (None, None, None));
        for wrong in ["0", "0g", "０", "0x", "00", "000000"] {
            assert_eq!(decode::<2>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_printed_head_reads_back() {
        let head = [0xa5; 32];
        let printed = printable_head(&head);
        assert_eq!(printed.split(' ').count(), 16);
        assert!(printed.split(' ').all(|group| group.len() == 4));
        assert_eq!(parse_head(&printed), Some(head));
        assert_eq!(parse_head(&printed.to_uppercase().replace(' ', "-")), Some(head));
        assert_eq!(parse_head("a5a5"), None);
    }
}
