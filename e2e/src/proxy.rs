//! A proxy between a client and the emulator, on which everything that can go wrong does, by a plan.

mod fault;
mod message;

pub use fault::Fault;

use anyhow::{Context as _, Result, ensure};
use message::Message;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

/// Longer than any call takes here.
const PATIENCE: Duration = Duration::from_mins(1);

/// The actions that change a stack, after which it is in progress for a while.
const OPERATIONS: [&str; 4] = ["ExecuteChangeSet", "DeleteStack", "RollbackStack", "ContinueUpdateRollback"];

/// A running proxy; it is stopped when this goes.
#[derive(Debug)]
pub struct Proxy {
    shared: Arc<Shared>,
    endpoint: String,
    listening: Option<JoinHandle<()>>,
}

/// Which calls something happens to: those from the first on, as many as are said.
#[derive(Clone, Debug)]
pub struct Injection {
    /// Only of this action; otherwise of all.
    pub action: Option<String>,
    /// How many of them go through before, counted from [`Proxy::plan`] on.
    pub after: usize,
    /// How many it happens to.
    pub times: usize,
    /// What happens.
    pub fault: Fault,
}

/// A call that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// For example `DescribeStacks`.
    pub action: String,
    /// What happened to it.
    pub fault: Option<Fault>,
}

#[derive(Debug)]
struct Shared {
    emulator: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    plan: Vec<Injection>,
    calls: Vec<Call>,
    /// How many looks at a stack show it in progress, after each operation.
    looks: usize,
    /// How many of them are still to come.
    remaining: usize,
    /// How many calls are held at this moment.
    held: usize,
    /// What becomes of calls that are held, once that is said.
    release: Option<Release>,
    stopped: bool,
}

/// What becomes of calls that are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Release {
    GoOn,
    Vanish,
}

impl Proxy {
    /// Starts one before the emulator, on a free port.
    pub fn start(emulator: &str) -> Result<Self> {
        let address = emulator.strip_prefix("http://").context("the emulator speaks plain HTTP")?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (state, changed) = (Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { emulator: address.parse()?, state, changed });
        let serving = Arc::clone(&shared);
        let listening = thread::spawn(move || {
            for client in listener.incoming() {
                if serving.state().stopped {
                    return;
                }
                let (Ok(client), serving) = (client, Arc::clone(&serving)) else { continue };
                // A client that goes away, or is killed, is no reason to stop.
                thread::spawn(move || drop(serving.serve(&client)));
            }
        });
        Ok(Self { shared, endpoint, listening: Some(listening) })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Begins to count calls anew, and lets this happen to them.
    pub fn plan(&self, plan: Vec<Injection>) {
        let mut state = self.shared.state();
        state.calls.clear();
        state.plan = plan;
        state.release = None;
    }

    /// The calls since the last plan.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.state().calls.clone()
    }

    /// Shows a stack in progress for so many looks after each operation on it, and then its end, for
    /// which it waits. The emulator itself is done at once, or nearly.
    pub fn show_progress(&self, looks: usize) {
        let mut state = self.shared.state();
        state.looks = looks;
        state.remaining = state.remaining.min(looks);
        self.shared.changed.notify_all();
    }

    /// Waits until a call is held; whether that is before `gone` says that none will come.
    pub fn until_held(&self, mut gone: impl FnMut() -> Result<bool>) -> Result<bool> {
        let start = Instant::now();
        let mut state = self.shared.state();
        while state.held == 0 {
            ensure!(start.elapsed() < PATIENCE, "no call is held");
            let wait = self.shared.changed.wait_timeout(state, Duration::from_millis(20));
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
            if state.held == 0 && gone()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Lets what is held go on, and holds nothing more until the next plan.
    pub fn release(&self) {
        self.let_go(Release::GoOn);
    }

    /// Lets what is held vanish as if it had never been sent, and holds nothing more until the next plan.
    pub fn discard(&self) {
        self.let_go(Release::Vanish);
    }

    fn let_go(&self, release: Release) {
        let mut state = self.shared.state();
        state.release = Some(release);
        self.shared.changed.notify_all();
        // The next plan must not hold what this one lets go.
        while state.held > 0 {
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.state().stopped = true;
        self.release();
        // The listener looks up only when somebody comes.
        if let Some(address) = self.endpoint.strip_prefix("http://") {
            drop(TcpStream::connect(address));
        }
        if let Some(listening) = self.listening.take() {
            drop(listening.join());
        }
    }
}

impl Injection {
    /// At one call, the first being 0.
    pub fn once(call: usize, fault: Fault) -> Self {
        Self { action: None, after: call, times: 1, fault }
    }

    /// At one call and all after it.
    pub fn from(call: usize, fault: Fault) -> Self {
        Self { action: None, after: call, times: usize::MAX, fault }
    }

    /// At one call of an action, the first being 0.
    pub fn once_of(action: &str, call: usize, fault: Fault) -> Self {
        Self { action: Some(action.to_owned()), ..Self::once(call, fault) }
    }

    /// Whether it happens to a call of this action, after those that came before.
    fn concerns(&self, action: &str, before: &[Call]) -> bool {
        let same = |other: &str| self.action.as_deref().is_none_or(|wanted| wanted == other);
        let count = before.iter().filter(|call| same(&call.action)).count();
        same(action) && count >= self.after && count - self.after < self.times
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one call from a client; each connection serves for one.
    fn serve(&self, client: &TcpStream) -> Result<()> {
        client.set_read_timeout(Some(PATIENCE))?;
        let Some(request) = Message::read(client)? else { return Ok(()) };
        let action = request.action();
        let fault = self.note(&action);
        if let Some(answer) = fault.and_then(|fault| fault.instead(request.is_of_objects())) {
            return finish(client, &answer);
        }
        match fault {
            Some(Fault::ResetBefore) => return reset(client),
            Some(Fault::HoldBefore) if self.hold() == Release::Vanish => return reset(client),
            _ => {}
        }
        let answer = self.answer(&request, &action)?;
        match fault {
            Some(Fault::ResetAfter) => return reset(client),
            Some(Fault::HoldAfter) if self.hold() == Release::Vanish => return reset(client),
            Some(Fault::Delay(delay)) => sleep(delay),
            _ => {}
        }
        finish(client, &fault.map_or(answer.clone(), |fault| fault.spoil(answer)))
    }

    /// Counts a call, and says what is to happen to it.
    fn note(&self, action: &str) -> Option<Fault> {
        let mut state = self.state();
        let injection = state.plan.iter().find(|injection| injection.concerns(action, &state.calls));
        let fault = injection.map(|injection| injection.fault);
        state.calls.push(Call { action: action.to_owned(), fault });
        fault
    }

    fn hold(&self) -> Release {
        let mut state = self.state();
        state.held += 1;
        self.changed.notify_all();
        loop {
            if let Some(release) = state.release {
                state.held -= 1;
                self.changed.notify_all();
                return release;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What the service says, with its progress as slow as is wanted.
    fn answer(&self, request: &Message, action: &str) -> Result<Message> {
        if OPERATIONS.contains(&action) {
            let mut state = self.state();
            state.remaining = state.looks;
        }
        let start = Instant::now();
        loop {
            let answer = self.forward(request)?;
            if action != "DescribeStacks" || self.state().looks == 0 {
                return Ok(answer);
            }
            let text = answer.text();
            let mut state = self.state();
            if state.remaining > 0 {
                state.remaining -= 1;
                let progress = text.replace("_COMPLETE</StackStatus>", "_IN_PROGRESS</StackStatus>");
                return Ok(answer.with_body(progress.into_bytes()));
            }
            drop(state);
            let ended = !text.replace("REVIEW_IN_PROGRESS", "").contains("_IN_PROGRESS</StackStatus>");
            if ended || start.elapsed() > PATIENCE {
                return Ok(answer);
            }
            sleep(Duration::from_millis(2));
        }
    }

    fn forward(&self, request: &Message) -> Result<Message> {
        let emulator = TcpStream::connect(self.emulator)?;
        emulator.set_read_timeout(Some(PATIENCE))?;
        request.write(&emulator)?;
        request.read_answer(&emulator)?.with_context(|| format!("no answer to {}", request.start()))
    }
}

fn finish(client: &TcpStream, answer: &Message) -> Result<()> {
    answer.write(client)?;
    client.shutdown(Shutdown::Write)?;
    Ok(())
}

/// Ends a connection so that the other side sees an error, and not an end.
fn reset(client: &TcpStream) -> Result<()> {
    Ok(socket2::SockRef::from(client).set_linger(Some(Duration::ZERO))?)
}
