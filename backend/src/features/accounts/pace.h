// How a thread that computes for long lets others go first. A scheduler weighs whole sessions and
// control groups against each other, so that a low priority counts against the threads of this
// program alone: whoever else wants the processor waits for the end of a time slice, 4 ms and more.
// A paced thread gives it away by itself, after no more than a tenth of a millisecond.
#pragma once

#include <ctime>

namespace afterresume::accounts {

// While one lives, the thread that made it pauses for as long as it has run, over and over; what it
// does takes about twice as long, and many times as long where all processors are wanted. One for a
// thread at a time, on which nothing waits in a system call that must not be interrupted. Takes the
// signal SIGRTMIN + 1. Does nothing where the system gives no timer.
class Pace {
public:
    Pace();
    ~Pace();
    Pace(const Pace&) = delete;
    Pace& operator=(const Pace&) = delete;
};

}  // namespace afterresume::accounts
