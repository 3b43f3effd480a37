//! What was given out and still counts, in bounded memory.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};

/// How many are kept at most, where nothing else is said; beyond that the one that ends first is
/// forgotten.
const MOST: usize = 4096;

type Digest = [u8; 32];

/// Values by the token they belong to, until that token ends. The tokens themselves are not kept.
pub(crate) struct Kept<T> {
    entries: HashMap<Digest, Entry<T>>,
    most: usize,
}

struct Entry<T> {
    ends_at_ms: u64,
    value: T,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self::at_most(MOST)
    }
}

impl<T> Kept<T> {
    /// So many at most.
    pub(crate) fn at_most(most: usize) -> Self {
        Self {
            entries: HashMap::new(),
            most,
        }
    }

    /// Keeps a value until then, and forgets what has ended.
    pub(crate) fn put(&mut self, token: &str, value: T, ends_at_ms: u64, now_ms: u64) {
        self.entries.retain(|_, entry| now_ms < entry.ends_at_ms);
        if self.entries.len() >= self.most
            && let Some(first) = self.first_to_end()
        {
            self.entries.remove(&first);
        }
        self.entries.insert(key(token), Entry { ends_at_ms, value });
    }

    /// The value of a token that has not ended.
    pub(crate) fn get(&mut self, token: &str, now_ms: u64) -> Option<&mut T> {
        let entry = self.entries.get_mut(&key(token))?;
        (now_ms < entry.ends_at_ms).then_some(&mut entry.value)
    }

    /// The value of a token that has not ended; it is forgotten.
    pub(crate) fn take(&mut self, token: &str, now_ms: u64) -> Option<T> {
        let entry = self.entries.remove(&key(token))?;
        (now_ms < entry.ends_at_ms).then_some(entry.value)
    }

    fn first_to_end(&self) -> Option<Digest> {
        let first = self.entries.iter().min_by_key(|(_, e)| e.ends_at_ms)?;
        Some(*first.0)
    }
}

fn key(token: &str) -> Digest {
    let mut key = Digest::default();
    // SHA-256 has exactly these 32 bytes.
    key.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_to_the_millisecond() {
        let mut kept = Kept::default();
        kept.put("t", 1, 1000, 0);
        assert_eq!(kept.get("t", 999), Some(&mut 1));
        assert_eq!(kept.get("t", 1000), None);
        assert_eq!(kept.get("other", 0), None);
        assert_eq!(kept.take("t", 999), Some(1));
        assert_eq!(kept.take("t", 999), None, "a value is taken once");
    }

    #[test]
    fn what_has_ended_is_forgotten() {
        let mut kept = Kept::default();
        for i in 0..100 {
            kept.put(&i.to_string(), (), 1000, 0);
        }
        kept.put("late", (), 3000, 2000);
        assert_eq!(kept.entries.len(), 1);
    }

    #[test]
    fn it_never_grows_beyond_its_bound() {
        let mut kept = Kept::default();
        for i in 0..MOST as u64 + 10 {
            kept.put(&i.to_string(), (), 1000 + i, 0);
        }
        assert_eq!(kept.entries.len(), MOST);
        assert!(kept.get("9", 0).is_none(), "the first to end goes first");
        assert!(kept.get("10", 0).is_some());
    }
}
