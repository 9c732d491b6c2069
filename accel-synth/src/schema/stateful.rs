//! Resource types that cannot simply be made again.

/// The types whose deletion or replacement loses something that a deployment does not bring back,
/// with what is lost; sorted. It contains all types that AWS's service spec marks as stateful.
pub const STATEFUL: &[(&str, &str)] = &[
    ("AWS::ACMPCA::CertificateAuthority", "every certificate it issued stops being trusted"),
    ("AWS::APS::Workspace", "the metrics in it"),
    ("AWS::AmazonMQ::Broker", "the messages in it and its endpoints"),
    ("AWS::Amplify::App", "its deployments and its default domain"),
    ("AWS::ApiGateway::ApiKey", "the key's value, which callers hold"),
    ("AWS::ApiGateway::DomainName", "its regional target, which DNS records point to"),
    ("AWS::ApiGateway::RestApi", "its id, which is part of its URL"),
    ("AWS::ApiGatewayV2::Api", "its id, which is part of its URL"),
    ("AWS::ApiGatewayV2::DomainName", "its regional target, which DNS records point to"),
    ("AWS::AppSync::GraphQLApi", "its id, which is part of its URL"),
    ("AWS::Athena::WorkGroup", "its named queries and its history"),
    ("AWS::AuditManager::Assessment", "the evidence it collected"),
    ("AWS::Backup::BackupVault", "the recovery points in it"),
    ("AWS::Backup::LogicallyAirGappedBackupVault", "the recovery points in it"),
    ("AWS::Bedrock::KnowledgeBase", "its ingested data"),
    ("AWS::Cassandra::Keyspace", "the tables in it"),
    ("AWS::Cassandra::Table", "the rows in it"),
    ("AWS::CloudFormation::Stack", "whatever stateful resources the nested stack has"),
    ("AWS::CloudFront::Distribution", "its domain name, which DNS records point to"),
    ("AWS::CloudHSM::Cluster", "the keys in it"),
    ("AWS::CloudTrail::EventDataStore", "the events in it"),
    ("AWS::CloudTrail::Trail", "recording, from the deletion to the new trail"),
    ("AWS::CodeArtifact::Domain", "the repositories in it"),
    ("AWS::CodeArtifact::Repository", "the packages in it"),
    ("AWS::CodeCommit::Repository", "the commits in it"),
    ("AWS::Cognito::IdentityPool", "the identities in it"),
    ("AWS::Cognito::UserPool", "the users in it, whose passwords cannot be exported"),
    ("AWS::Cognito::UserPoolClient", "its id and secret, which applications hold"),
    ("AWS::Cognito::UserPoolDomain", "the sign-in URL"),
    ("AWS::Config::ConfigurationRecorder", "recording, from the deletion to the new recorder"),
    ("AWS::Connect::Instance", "its users, numbers and flows"),
    ("AWS::CustomerProfiles::Domain", "the profiles in it"),
    ("AWS::DAX::Cluster", "its endpoint and its cache"),
    ("AWS::DMS::ReplicationInstance", "the state of running replications"),
    ("AWS::DMS::ReplicationTask", "its position in the source"),
    ("AWS::DSQL::Cluster", "the tables in it"),
    ("AWS::DataZone::Domain", "the catalog in it"),
    ("AWS::Detective::Graph", "the behaviour it collected"),
    ("AWS::DirectoryService::MicrosoftAD", "the users and computers in it"),
    ("AWS::DirectoryService::SimpleAD", "the users and computers in it"),
    ("AWS::DocDB::DBCluster", "the documents in it"),
    ("AWS::DocDB::DBInstance", "an instance that applications may be connected to"),
    ("AWS::DocDBElastic::Cluster", "the documents in it"),
    ("AWS::DynamoDB::GlobalTable", "the items in it"),
    ("AWS::DynamoDB::Table", "the items in it"),
    ("AWS::EC2::ClientVpnEndpoint", "its endpoint, which every client's configuration names"),
    ("AWS::EC2::CustomerGateway", "the VPN connections that use it"),
    ("AWS::EC2::EIP", "the address, which others may have allowed"),
    ("AWS::EC2::IPAM", "its pools and allocations"),
    ("AWS::EC2::IPAMPool", "its allocations"),
    ("AWS::EC2::Instance", "its instance store and root volume"),
    ("AWS::EC2::KeyPair", "the private key in the parameter store"),
    ("AWS::EC2::NatGateway", "its public address, where that is not an elastic one"),
    ("AWS::EC2::Subnet", "everything that is in it"),
    ("AWS::EC2::TransitGateway", "every attachment to it"),
    ("AWS::EC2::VPC", "everything that is in it"),
    ("AWS::EC2::VPNConnection", "its tunnels' addresses and keys, which the other side has"),
    ("AWS::EC2::VPNGateway", "the connections through it"),
    ("AWS::EC2::Volume", "the data on it"),
    ("AWS::ECR::PublicRepository", "the images in it"),
    ("AWS::ECR::Repository", "the images in it, which running tasks pull"),
    ("AWS::ECS::Cluster", "the services in it"),
    ("AWS::EFS::FileSystem", "the files in it"),
    ("AWS::EKS::Cluster", "every workload and volume claim in it"),
    ("AWS::EMR::Cluster", "its local file system"),
    ("AWS::ElastiCache::CacheCluster", "its cache and its endpoint"),
    ("AWS::ElastiCache::ReplicationGroup", "its data and its endpoint"),
    ("AWS::ElastiCache::ServerlessCache", "its data and its endpoint"),
    ("AWS::ElasticBeanstalk::Environment", "its instances and its URL"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "its domain name, which DNS records point to"),
    ("AWS::Elasticsearch::Domain", "the indices in it"),
    ("AWS::Events::Archive", "the events in it"),
    ("AWS::FSx::FileSystem", "the files in it"),
    ("AWS::FSx::StorageVirtualMachine", "the volumes in it"),
    ("AWS::FSx::Volume", "the files in it"),
    ("AWS::FinSpace::Environment", "the data in it"),
    ("AWS::GlobalAccelerator::Accelerator", "its addresses, which others may have allowed"),
    ("AWS::Glue::Database", "the tables of the catalog in it"),
    ("AWS::Glue::Registry", "the schemas in it"),
    ("AWS::Glue::Schema", "its versions, which consumers read with"),
    ("AWS::Glue::Table", "its partitions in the catalog"),
    ("AWS::GuardDuty::Detector", "its findings, and detection until the new one is there"),
    ("AWS::HealthLake::FHIRDatastore", "the records in it"),
    ("AWS::IAM::AccessKey", "the key's value, which callers hold"),
    ("AWS::IAM::User", "its keys and passwords"),
    ("AWS::IVS::Channel", "its ingest endpoint and playback URL"),
    ("AWS::InspectorV2::Filter", "which findings are suppressed"),
    ("AWS::IoT::Thing", "the certificates attached to it"),
    ("AWS::IoTSiteWise::Asset", "the measurements of it"),
    ("AWS::KMS::Key", "everything that is encrypted with it"),
    ("AWS::KMS::ReplicaKey", "what is encrypted with it in this region"),
    ("AWS::Kinesis::Stream", "the records in it and their consumers' positions"),
    ("AWS::KinesisFirehose::DeliveryStream", "the records it has not delivered"),
    ("AWS::KinesisVideo::Stream", "the recordings in it"),
    ("AWS::Lex::Bot", "its versions and aliases"),
    ("AWS::Lightsail::Database", "the data in it"),
    ("AWS::Lightsail::Disk", "the data on it"),
    ("AWS::Lightsail::Instance", "the data on it"),
    ("AWS::Location::Tracker", "the positions in it"),
    ("AWS::Logs::LogGroup", "the log events in it"),
    ("AWS::MSK::Cluster", "the topics in it"),
    ("AWS::MSK::ServerlessCluster", "the topics in it"),
    ("AWS::Macie::Session", "its findings"),
    ("AWS::ManagedBlockchain::Node", "the ledger on it"),
    ("AWS::MediaStore::Container", "the objects in it"),
    ("AWS::MemoryDB::Cluster", "the data in it"),
    ("AWS::Neptune::DBCluster", "the graph in it"),
    ("AWS::Neptune::DBInstance", "an instance that applications may be connected to"),
    ("AWS::NeptuneGraph::Graph", "the graph in it"),
    ("AWS::NetworkFirewall::Firewall", "inspection of the traffic that is routed through it"),
    ("AWS::NetworkManager::CoreNetwork", "every attachment to it"),
    ("AWS::OpenSearchServerless::Collection", "the indices in it"),
    ("AWS::OpenSearchService::Domain", "the indices in it"),
    ("AWS::Organizations::Account", "the account: it is closed, or leaves the organization"),
    ("AWS::Organizations::Organization", "the organization with its units and policies"),
    ("AWS::Organizations::OrganizationalUnit", "the place of the accounts in it"),
    ("AWS::Pinpoint::App", "its segments and endpoints"),
    ("AWS::QBusiness::Application", "its indices and conversations"),
    ("AWS::QLDB::Ledger", "the journal"),
    ("AWS::QuickSight::DataSet", "its imported data and refresh history"),
    ("AWS::RDS::DBCluster", "the databases in it"),
    ("AWS::RDS::DBInstance", "the databases in it"),
    ("AWS::RDS::GlobalCluster", "the replication between its clusters"),
    ("AWS::Redshift::Cluster", "the tables in it"),
    ("AWS::RedshiftServerless::Namespace", "the tables in it"),
    ("AWS::Rekognition::Collection", "the faces in it"),
    ("AWS::Route53::HostedZone", "its name servers, which the parent zone delegates to"),
    ("AWS::Route53::KeySigningKey", "the chain of trust from the parent zone"),
    ("AWS::Route53Resolver::ResolverEndpoint", "its addresses, which other resolvers forward to"),
    ("AWS::S3::Bucket", "the objects in it, and its name until it is made again"),
    ("AWS::S3Express::DirectoryBucket", "the objects in it"),
    ("AWS::S3Tables::Table", "the rows in it"),
    ("AWS::S3Tables::TableBucket", "the tables in it"),
    ("AWS::S3Vectors::Index", "the vectors in it"),
    ("AWS::S3Vectors::VectorBucket", "the indices in it"),
    ("AWS::SDB::Domain", "the items in it"),
    ("AWS::SQS::Queue", "the messages in it"),
    ("AWS::SSMIncidents::ReplicationSet", "every incident and response plan of the account"),
    ("AWS::SSO::Instance", "its users, groups and assignments"),
    ("AWS::SageMaker::Domain", "its users' home directories"),
    ("AWS::SageMaker::FeatureGroup", "the records in it"),
    ("AWS::SageMaker::NotebookInstance", "the files on it"),
    ("AWS::SecretsManager::Secret", "the secret's value"),
    ("AWS::SecurityHub::Hub", "its findings and its suppressions"),
    ("AWS::SecurityLake::DataLake", "the log sources' subscription to it"),
    ("AWS::ServiceCatalog::CloudFormationProvisionedProduct", "whatever the product has made"),
    ("AWS::ServiceDiscovery::HttpNamespace", "the services in it"),
    ("AWS::ServiceDiscovery::PrivateDnsNamespace", "the services and records in it"),
    ("AWS::ServiceDiscovery::PublicDnsNamespace", "its name servers, and the records in it"),
    ("AWS::Timestream::Database", "the tables in it"),
    ("AWS::Timestream::InfluxDBInstance", "the buckets in it"),
    ("AWS::Timestream::Table", "the measurements in it"),
    ("AWS::Transfer::Server", "its endpoint and host key, which clients know"),
    ("AWS::VoiceID::Domain", "the speakers in it"),
    ("AWS::WorkSpaces::Workspace", "the user's disk"),
];

/// Whether deleting or replacing a resource of this type loses something.
#[must_use]
pub fn is_stateful(type_name: &str) -> bool {
    why_stateful(type_name).is_some()
}

/// What deleting or replacing a resource of this type loses.
///
/// ```
/// use accel_synth::schema::why_stateful;
///
/// assert_eq!(why_stateful("AWS::EFS::FileSystem"), Some("the files in it"));
/// assert_eq!(why_stateful("AWS::IAM::Role"), None);
/// ```
#[must_use]
pub fn why_stateful(type_name: &str) -> Option<&'static str> {
    let index = STATEFUL.binary_search_by_key(&type_name, |(name, _)| *name).ok()?;
    Some(STATEFUL[index].1)
}

#[cfg(test)]
mod tests {
    use super::STATEFUL;

    #[test]
    fn the_table_is_sorted_and_names_known_types() {
        for pair in STATEFUL.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} belongs before {}", pair[1].0, pair[0].0);
        }
        for (name, _) in STATEFUL {
            assert!(crate::schema::is_known(name), "{name}");
        }
    }
}
