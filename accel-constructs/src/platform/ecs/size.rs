//! What Fargate's tasks may have of processor and memory.

/// A number of CPU units (1,024 are one processor) and the memory that goes with it, in MiB.
///
/// Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html>
struct Size {
    cpu: u32,
    smallest: u32,
    largest: u32,
    step: u32,
}

const SIZES: [Size; 7] = [
    Size { cpu: 256, smallest: 512, largest: 2048, step: 1024 },
    Size { cpu: 512, smallest: 1024, largest: 4096, step: 1024 },
    Size { cpu: 1024, smallest: 2048, largest: 8192, step: 1024 },
    Size { cpu: 2048, smallest: 4096, largest: 16_384, step: 1024 },
    Size { cpu: 4096, smallest: 8192, largest: 30_720, step: 1024 },
    Size { cpu: 8192, smallest: 16_384, largest: 61_440, step: 4096 },
    Size { cpu: 16_384, smallest: 32_768, largest: 122_880, step: 8192 },
];

/// What would have been right, if the size does not exist.
pub(super) fn problem(cpu: u32, memory_mib: u32) -> Option<String> {
    let Some(size) = SIZES.iter().find(|size| size.cpu == cpu) else {
        let known: Vec<_> = SIZES.iter().map(|size| size.cpu.to_string()).collect();
        return Some(format!("{} CPU units", known.join(", ")));
    };
    // The smallest size of all is the only one between two steps.
    let in_steps = memory_mib == size.smallest || memory_mib.is_multiple_of(size.step);
    if (size.smallest..=size.largest).contains(&memory_mib) && in_steps {
        return None;
    }
    let Size { smallest, largest, step, .. } = size;
    Some(format!("{smallest} to {largest} MiB in steps of {step} with {cpu} CPU units"))
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn sizes_are_those_of_the_table() {
        for (cpu, memory) in [
            (256, 512),
            (256, 1024),
            (256, 2048),
            (512, 4096),
            (1024, 5120),
            (4096, 30_720),
            (8192, 20_480),
            (16_384, 122_880),
        ] {
            assert_eq!(problem(cpu, memory), None, "{cpu} {memory}");
        }
        for (cpu, memory) in [
            (0, 512),
            (300, 512),
            (256, 256),
            (256, 1536),
            (256, 4096),
            (512, 512),
            (1024, 2500),
            (8192, 17_408),
            (16_384, 36_864),
        ] {
            assert!(problem(cpu, memory).is_some(), "{cpu} {memory}");
        }
    }
}
