//! The process: the runtime that everything in it runs on, what asks it to end, and its end.

use std::{io, mem, sync::mpsc, thread, time::Duration};

use tokio::{runtime::Runtime, time::timeout};

/// How long the orderly work at the end may take. A desktop that logs out does not wait long.
const CLOSING_LIMIT: Duration = Duration::from_secs(4);
/// How long the threads may take to end after that.
const THREADS_LIMIT: Duration = Duration::from_secs(1);

/// The one owner of the process's threads.
pub struct Process {
    runtime: Runtime,
    requests: EndRequests,
}

/// Whether every thread that may use the database has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a process whose threads go on may only leave by `leave_now`"]
pub enum Threads {
    /// None is left.
    Ended,
    /// One hangs in a call that nobody can break off.
    Stuck,
}

impl Process {
    /// Starts the runtime and listens to what asks the process to end.
    ///
    /// # Errors
    /// The system gives no threads.
    pub fn start() -> io::Result<Self> {
        let runtime = Runtime::new()?;
        let requests = {
            let _inside = runtime.enter();
            EndRequests::listen()?
        };
        Ok(Self { runtime, requests })
    }

    /// The runtime, to start tasks on.
    #[must_use]
    pub fn runtime(&self) -> &tokio::runtime::Handle {
        self.runtime.handle()
    }

    /// What asks the process to end. To be had once.
    #[must_use]
    pub fn take_requests(&mut self) -> EndRequests {
        mem::take(&mut self.requests)
    }

    /// Does the last work, then ends every thread. Both are bounded: a task that hangs, a prompt
    /// that nobody answers or a silent host does not keep the process.
    ///
    /// The threads have to be gone before the process ends in the usual way: the crypto library of
    /// the database clears up then, and a thread that uses it meanwhile crashes.
    pub fn end(self, last_work: impl Future<Output = ()>) -> Threads {
        let runtime = self.runtime;
        runtime.block_on(async {
            // What is not done by then stays undone: the database survives that.
            let _ = timeout(CLOSING_LIMIT, last_work).await;
        });
        let (tell, ended) = mpsc::channel();
        let ending = thread::Builder::new().spawn(move || {
            drop(runtime);
            // Nobody waits any more after the limit.
            let _ = tell.send(());
        });
        match ending {
            Ok(thread) if ended.recv_timeout(THREADS_LIMIT).is_ok() => {
                // It has said its last word; a panic of a task was told when it came.
                let _ = thread.join();
                Threads::Ended
            }
            _ => Threads::Stuck,
        }
    }
}

/// Ends the process at once, whatever its threads do. Nothing clears up after itself, so nothing
/// can crash doing so. What was printed has to be flushed already.
#[allow(
    unsafe_code,
    reason = "the standard library has no end without clearing up"
)]
pub fn leave_now(code: u8) -> ! {
    // SAFETY: it takes a number and does not return; no memory is touched.
    unsafe { libc::_exit(i32::from(code)) }
}

/// What asks a process to end: a person at the terminal, the session, the system.
#[derive(Default)]
pub struct EndRequests {
    #[cfg(unix)]
    signals: Vec<(i32, tokio::signal::unix::Signal)>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndRequest {
    signal: i32,
}

#[cfg(unix)]
impl EndRequests {
    /// Listens, except to what this process was started to ignore (`nohup`).
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut signals = Vec::new();
        for kind in [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
        ] {
            if !is_ignored(kind.as_raw_value()) {
                signals.push((kind.as_raw_value(), signal(kind)?));
            }
        }
        Ok(Self { signals })
    }

    /// Waits for the next.
    pub async fn next(&mut self) -> EndRequest {
        std::future::poll_fn(|context| {
            for (signal, came) in &mut self.signals {
                if came.poll_recv(context).is_ready() {
                    return std::task::Poll::Ready(EndRequest { signal: *signal });
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

#[cfg(not(unix))]
impl EndRequests {
    #[allow(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next.
    pub async fn next(&mut self) -> EndRequest {
        const INTERRUPT: i32 = 2;
        if tokio::signal::ctrl_c().await.is_err() {
            // Nothing can be heard; then the system ends the process in its own way.
            std::future::pending::<()>().await;
        }
        EndRequest { signal: INTERRUPT }
    }
}

impl EndRequest {
    /// Ends the process as the request would have without us. Whoever started it, such as a shell
    /// with a loop to break off, sees that it was asked to end.
    #[allow(unsafe_code, reason = "a process can raise a signal in no other way")]
    pub fn obey(self) -> ! {
        #[cfg(unix)]
        // SAFETY: both take numbers; the default handler is no code of ours.
        unsafe {
            libc::signal(self.signal, libc::SIG_DFL);
            libc::raise(self.signal);
        }
        // Only where the signal is blocked.
        leave_now(u8::try_from(128 + self.signal).unwrap_or(u8::MAX))
    }
}

#[cfg(unix)]
#[allow(unsafe_code, reason = "only the system knows it")]
fn is_ignored(signal: i32) -> bool {
    // SAFETY: an all-zero `sigaction` is a valid one to be overwritten; nothing is changed.
    unsafe {
        let mut now: libc::sigaction = mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &raw mut now) == 0
            && now.sa_sigaction == libc::SIG_IGN
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        time::Instant,
    };

    use super::*;

    #[test]
    fn the_last_work_is_done_and_every_thread_ends() {
        let process = Process::start().unwrap();
        process.runtime().spawn(std::future::pending::<()>());
        let (began, begun) = mpsc::channel();
        let worked = Arc::new(AtomicBool::new(false));
        let work = worked.clone();
        process.runtime().spawn_blocking(move || {
            began.send(()).unwrap();
            thread::sleep(Duration::from_millis(50));
            work.store(true, Ordering::SeqCst);
        });
        begun.recv().unwrap();
        let mut done = false;
        let threads = process.end(async { done = true });
        assert_eq!(threads, Threads::Ended);
        assert!(done, "the last work was done");
        assert!(
            worked.load(Ordering::SeqCst),
            "what was under way on a thread was waited for"
        );
    }

    #[test]
    fn what_hangs_keeps_nobody() {
        let process = Process::start().unwrap();
        let (release, held) = mpsc::channel::<()>();
        let (began, begun) = mpsc::channel();
        process.runtime().spawn_blocking(move || {
            began.send(()).unwrap();
            // Ends with the test, as its sender does.
            let _ = held.recv();
        });
        begun.recv().unwrap();
        let at = Instant::now();
        assert_eq!(process.end(std::future::pending()), Threads::Stuck);
        assert!(at.elapsed() < CLOSING_LIMIT + THREADS_LIMIT + Duration::from_secs(2));
        drop(release);
    }
}
