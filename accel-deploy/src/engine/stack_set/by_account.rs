//! Values by account: parameters in the store of each account and region, which instances read while they are made or
//! changed.
//!
//! The name of a parameter ends in a digest of its table. So one that a new table wants is written beside the former one,
//! which instances may still read until all of them are current; only then it goes. Which ones there may be, the record of
//! what is deployed says: a run puts the names there before it writes anything.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicBool, Ordering},
};

use accel_synth::manifest::{ByAccount, StackSet};

use crate::{
    cloud::{
        Cloud, CloudError, ErrorClass, Place,
        ssm::{DeleteParameter, PutParameter},
    },
    engine::{
        Shared, Trouble,
        limits::Limits,
        targets::Spot,
        together::{Shelf, together},
    },
};

/// The parameters of an account, and their values.
type Rows = Vec<(String, String)>;

impl<C: Cloud> Shared<C> {
    /// Writes what instances in these places read, where it is not so yet.
    pub(super) async fn write_by_account(
        &self,
        set: &StackSet,
        spots: impl IntoIterator<Item = &Spot>,
    ) -> Result<(), Trouble> {
        if set.by_account.is_empty() {
            return Ok(());
        }
        let names = self.names_of_accounts();
        let mut rows: BTreeMap<&str, Rows> = BTreeMap::new();
        let spots: Vec<&Spot> = spots.into_iter().collect();
        for (account, _) in &spots {
            if !rows.contains_key(account.as_str()) {
                rows.insert(account, self.rows(set, names.get(account).map(String::as_str))?);
            }
        }
        let mut targets = Vec::new();
        for (account, region) in spots {
            let rows = rows.get(account.as_str()).filter(|rows| !rows.is_empty());
            targets.extend(rows.map(|rows| (self.place_in(&names, account, region), rows)));
        }
        let targets = Shelf::new(targets);
        let workers = (0..Limits::TARGETS).map(|_| async {
            while let Some((place, rows)) = targets.next() {
                self.write(&place, rows).await?;
            }
            Ok::<(), CloudError>(())
        });
        Ok(together(workers.collect()).await?)
    }

    /// The parameters of tables that were there before, and that a deployment or another one of it may have written.
    pub(super) fn former_parameters(&self, set: &StackSet) -> BTreeSet<String> {
        let mut names = self.recorded_parameters(set);
        for table in set.by_account.values() {
            names.remove(&table.parameter);
        }
        names
    }

    /// Whether one of these parameters is in one of these places.
    pub(super) async fn has_parameters(
        &self,
        names: &BTreeSet<String>,
        spots: &BTreeSet<Spot>,
    ) -> Result<bool, CloudError> {
        if names.is_empty() {
            return Ok(false);
        }
        let (targets, is_there) = (self.shelf_of(spots), AtomicBool::new(false));
        let workers = (0..Limits::TARGETS).map(|_| async {
            while let Some(place) = targets.next() {
                let found = self.parameters(&place, names.iter()).await?;
                is_there.fetch_or(!found.is_empty(), Ordering::Relaxed);
            }
            Ok(())
        });
        together(workers.collect()).await?;
        Ok(is_there.into_inner())
    }

    /// Deletes these parameters in these places.
    pub(super) async fn delete_parameters(
        &self,
        names: &BTreeSet<String>,
        spots: &BTreeSet<Spot>,
    ) -> Result<(), CloudError> {
        let targets = self.shelf_of(spots);
        let workers = (0..Limits::TARGETS).map(|_| async {
            while let Some(place) = targets.next() {
                self.delete(&place, names).await?;
            }
            Ok(())
        });
        together(workers.collect()).await
    }

    /// Deletes all parameters of a set where its instances are about to go, which read them no more. An account that
    /// cannot be entered any more keeps them.
    pub(super) async fn delete_parameters_before_instances(
        &self,
        set: &StackSet,
        (accounts, regions): (&[String], &[String]),
    ) -> Result<(), CloudError> {
        let mut names = self.recorded_parameters(set);
        names.extend(set.by_account.values().map(|table| table.parameter.clone()));
        if names.is_empty() || set.retain_stacks {
            return Ok(());
        }
        let in_regions = |account: &String| {
            regions.iter().map(|region| (account.clone(), region.clone())).collect::<Vec<_>>()
        };
        let targets = self.shelf_of(&accounts.iter().flat_map(in_regions).collect());
        let workers = (0..Limits::TARGETS).map(|_| async {
            while let Some(place) = targets.next() {
                match self.delete(&place, &names).await {
                    Err(error) if error.class != ErrorClass::Denied => return Err(error),
                    _ => {}
                }
            }
            Ok(())
        });
        together(workers.collect()).await
    }

    fn shelf_of(&self, spots: &BTreeSet<Spot>) -> Shelf<Place> {
        let names = self.names_of_accounts();
        let places = spots.iter().map(|(account, region)| self.place_in(&names, account, region));
        Shelf::new(places.collect())
    }

    fn recorded_parameters(&self, set: &StackSet) -> BTreeSet<String> {
        let deployed = self.graph.deployed.as_ref();
        deployed.map(|deployed| deployed.parameters_of(&set.name)).unwrap_or_default()
    }

    /// The row of each table for an account, which may be one that the program does not name.
    fn rows(&self, set: &StackSet, account: Option<&str>) -> Result<Rows, Trouble> {
        let values = self.values();
        let row = |table: &ByAccount| {
            let row = account.and_then(|account| table.rows.get(account));
            let source = row.or(table.default.as_ref())?;
            Some(values.get(source).map(|value| (table.parameter.clone(), value)))
        };
        let rows: Result<Rows, _> = set.by_account.values().filter_map(row).collect();
        Ok(rows?)
    }

    async fn write(&self, place: &Place, rows: &Rows) -> Result<(), CloudError> {
        let there = self.parameters(place, rows.iter().map(|(name, _)| name)).await?;
        for (name, value) in rows {
            if there.get(name) == Some(value) {
                continue;
            }
            let put = PutParameter {
                name: name.clone(),
                value: value.clone(),
                r#type: Some("String".to_owned()),
                overwrite: Some(true),
                description: None,
            };
            self.call(place, &put).await?;
        }
        Ok(())
    }

    async fn delete(&self, place: &Place, names: &BTreeSet<String>) -> Result<(), CloudError> {
        for (name, _) in self.parameters(place, names.iter()).await? {
            match self.call(place, &DeleteParameter { name }).await {
                Err(error) if error.class != ErrorClass::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// The names of the accounts that are known, by id.
    fn names_of_accounts(&self) -> BTreeMap<String, String> {
        let values = self.values();
        let accounts = self.graph.manifest.accounts.keys();
        accounts.filter_map(|name| Some((values.account(name)?.to_owned(), name.clone()))).collect()
    }

    fn place_in(&self, names: &BTreeMap<String, String>, account: &str, region: &str) -> Place {
        let known = names.get(account).and_then(|name| self.place(name, region).ok());
        known.unwrap_or_else(|| Place::account(account, region))
    }
}
